#compdef certty
# made by: certty completion zsh
_certty() {
	local -a commands
	commands=(
		'ls:List rows of a kind'
		'show:Show everything about one thing'
		'pending:List what waits for somebody'
		'check:Tell a monitoring system how the certificates are'
		'config:Check the configuration, show it, or print a commented one'
		'audit:List or export the journal of changes, or verify that it is whole'
		'completion:Print completions for a shell'
		'refresh:Read stores again; all of them when none is named'
		'discover:Look for stores that are not known yet'
		'accept:Make what discovery found a store'
		'ignore:Leave what discovery found out from now on'
		'store-add:Add a store: a folder, a keystore file or an endpoint'
		'store-drop:Forget a store; nothing in it is touched'
		'label:Set the labels and the container of stores'
		'add:Add a certificate from a file to a store'
		'remove:Remove a certificate from a store'
		'export:Write a certificate to a file'
		'key:Make a private key and a request that a CA can sign'
		'approve:Approve a request: sign the certificate it asks for'
		'deny:Deny a request, with a reason'
		'passphrase:Keep or forget the passphrase of a store'
		'unlock:Unlock the keyring that passphrases are kept in'
		'notify:Send the notices that are due, each once'
		'cancel:Stop a job'
	)
	if (( CURRENT == 2 )); then
		_describe command commands
		return
	fi
	case $words[2] in
	ls) compadd -- stores certs requests discovery domains jobs accounts --output --filter --account --sort --reverse --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	show) compadd -- --output --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	pending) compadd -- --output --filter --account --sort --reverse --all --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	check) compadd -- --output --filter --account --warning --critical --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	config) compadd -- check show default --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	audit) compadd -- list export verify --output --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	completion) compadd -- bash zsh fish --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	refresh) compadd -- --output --filter --account --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	discover) compadd -- --folders --hosts --networks --ports --output --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	accept) compadd -- --output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	ignore) compadd -- --output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	store-add) compadd -- --address --type --title --output --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	store-drop) compadd -- --output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	label) compadd -- --container --add --remove --output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	add) compadd -- --file --name --key --replace --output --yes --passphrase-fd --new-passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	remove) compadd -- --store --output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	export) compadd -- --format --file --with-key --replace --output --filter --account --yes --passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	key) compadd -- --names --subject --kind --key-file --csr-file --plain --replace --output --yes --passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	approve) compadd -- --profile --validity --digest --output --filter --account --yes --passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	deny) compadd -- --reason --output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	passphrase) compadd -- --forget --output --yes --passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	unlock) compadd -- --output --yes --passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	notify) compadd -- --dry-run --output --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	cancel) compadd -- --output --filter --account --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help ;;
	esac
	_files
}
compdef _certty certty
