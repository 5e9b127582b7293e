# Completions, written by `certty completion`; kept here so that a tarball needs no generator.
EXTRA_DIST += %D%/certty.bash %D%/certty.zsh %D%/certty.fish

bash_to = $(DESTDIR)$(datadir)/bash-completion/completions
zsh_to  = $(DESTDIR)$(datadir)/zsh/site-functions
fish_to = $(DESTDIR)$(datadir)/fish/vendor_completions.d

install-data-local:
	$(MKDIR_P) '$(bash_to)' '$(zsh_to)' '$(fish_to)'
	$(INSTALL_DATA) '$(srcdir)/completions/certty.bash' '$(bash_to)/certty'
	$(INSTALL_DATA) '$(srcdir)/completions/certty.zsh' '$(zsh_to)/_certty'
	$(INSTALL_DATA) '$(srcdir)/completions/certty.fish' '$(fish_to)/certty.fish'

uninstall-local:
	rm -f '$(bash_to)/certty' '$(zsh_to)/_certty' '$(fish_to)/certty.fish'
