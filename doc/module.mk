# Manual pages and other documents.
dist_man_MANS += %D%/certty-theme.5
