# Manual pages and other documents.
dist_man_MANS += %D%/certty.1 %D%/certty.conf.5 %D%/certty-theme.5
dist_doc_DATA = README NEWS %D%/SECURITY
examplesdir = $(docdir)/examples
dist_examples_DATA = %D%/examples/certty-run.service %D%/examples/certty-run.timer %D%/examples/crontab
