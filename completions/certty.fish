# fish completion for certty; made by: certty completion fish
complete -c certty -n __fish_use_subcommand -f -a ls -d 'List rows of a kind'
complete -c certty -n '__fish_seen_subcommand_from ls' -f -a stores
complete -c certty -n '__fish_seen_subcommand_from ls' -f -a certs
complete -c certty -n '__fish_seen_subcommand_from ls' -f -a requests
complete -c certty -n '__fish_seen_subcommand_from ls' -f -a discovery
complete -c certty -n '__fish_seen_subcommand_from ls' -f -a domains
complete -c certty -n '__fish_seen_subcommand_from ls' -f -a objects
complete -c certty -n '__fish_seen_subcommand_from ls' -f -a jobs
complete -c certty -n '__fish_seen_subcommand_from ls' -f -a accounts
complete -c certty -n '__fish_seen_subcommand_from ls' -l output
complete -c certty -n '__fish_seen_subcommand_from ls' -l filter
complete -c certty -n '__fish_seen_subcommand_from ls' -l account
complete -c certty -n '__fish_seen_subcommand_from ls' -l sort
complete -c certty -n '__fish_seen_subcommand_from ls' -l reverse
complete -c certty -n '__fish_seen_subcommand_from ls' -l offline
complete -c certty -n '__fish_seen_subcommand_from ls' -l read-only
complete -c certty -n '__fish_seen_subcommand_from ls' -l readonly
complete -c certty -n '__fish_seen_subcommand_from ls' -l config
complete -c certty -n '__fish_seen_subcommand_from ls' -l state
complete -c certty -n '__fish_seen_subcommand_from ls' -l refresh
complete -c certty -n '__fish_seen_subcommand_from ls' -l theme
complete -c certty -n '__fish_seen_subcommand_from ls' -l no-color
complete -c certty -n '__fish_seen_subcommand_from ls' -l ascii
complete -c certty -n '__fish_seen_subcommand_from ls' -l log-file
complete -c certty -n '__fish_seen_subcommand_from ls' -l log-level
complete -c certty -n '__fish_seen_subcommand_from ls' -l version
complete -c certty -n '__fish_seen_subcommand_from ls' -l help
complete -c certty -n __fish_use_subcommand -f -a show -d 'Show everything about one thing'
complete -c certty -n '__fish_seen_subcommand_from show' -l output
complete -c certty -n '__fish_seen_subcommand_from show' -l offline
complete -c certty -n '__fish_seen_subcommand_from show' -l read-only
complete -c certty -n '__fish_seen_subcommand_from show' -l readonly
complete -c certty -n '__fish_seen_subcommand_from show' -l config
complete -c certty -n '__fish_seen_subcommand_from show' -l state
complete -c certty -n '__fish_seen_subcommand_from show' -l refresh
complete -c certty -n '__fish_seen_subcommand_from show' -l theme
complete -c certty -n '__fish_seen_subcommand_from show' -l no-color
complete -c certty -n '__fish_seen_subcommand_from show' -l ascii
complete -c certty -n '__fish_seen_subcommand_from show' -l log-file
complete -c certty -n '__fish_seen_subcommand_from show' -l log-level
complete -c certty -n '__fish_seen_subcommand_from show' -l version
complete -c certty -n '__fish_seen_subcommand_from show' -l help
complete -c certty -n __fish_use_subcommand -f -a pending -d 'List what waits for somebody'
complete -c certty -n '__fish_seen_subcommand_from pending' -l output
complete -c certty -n '__fish_seen_subcommand_from pending' -l filter
complete -c certty -n '__fish_seen_subcommand_from pending' -l account
complete -c certty -n '__fish_seen_subcommand_from pending' -l sort
complete -c certty -n '__fish_seen_subcommand_from pending' -l reverse
complete -c certty -n '__fish_seen_subcommand_from pending' -l all
complete -c certty -n '__fish_seen_subcommand_from pending' -l offline
complete -c certty -n '__fish_seen_subcommand_from pending' -l read-only
complete -c certty -n '__fish_seen_subcommand_from pending' -l readonly
complete -c certty -n '__fish_seen_subcommand_from pending' -l config
complete -c certty -n '__fish_seen_subcommand_from pending' -l state
complete -c certty -n '__fish_seen_subcommand_from pending' -l refresh
complete -c certty -n '__fish_seen_subcommand_from pending' -l theme
complete -c certty -n '__fish_seen_subcommand_from pending' -l no-color
complete -c certty -n '__fish_seen_subcommand_from pending' -l ascii
complete -c certty -n '__fish_seen_subcommand_from pending' -l log-file
complete -c certty -n '__fish_seen_subcommand_from pending' -l log-level
complete -c certty -n '__fish_seen_subcommand_from pending' -l version
complete -c certty -n '__fish_seen_subcommand_from pending' -l help
complete -c certty -n __fish_use_subcommand -f -a check -d 'Tell a monitoring system how the certificates are'
complete -c certty -n '__fish_seen_subcommand_from check' -l output
complete -c certty -n '__fish_seen_subcommand_from check' -l filter
complete -c certty -n '__fish_seen_subcommand_from check' -l account
complete -c certty -n '__fish_seen_subcommand_from check' -l warning
complete -c certty -n '__fish_seen_subcommand_from check' -l critical
complete -c certty -n '__fish_seen_subcommand_from check' -l offline
complete -c certty -n '__fish_seen_subcommand_from check' -l read-only
complete -c certty -n '__fish_seen_subcommand_from check' -l readonly
complete -c certty -n '__fish_seen_subcommand_from check' -l config
complete -c certty -n '__fish_seen_subcommand_from check' -l state
complete -c certty -n '__fish_seen_subcommand_from check' -l refresh
complete -c certty -n '__fish_seen_subcommand_from check' -l theme
complete -c certty -n '__fish_seen_subcommand_from check' -l no-color
complete -c certty -n '__fish_seen_subcommand_from check' -l ascii
complete -c certty -n '__fish_seen_subcommand_from check' -l log-file
complete -c certty -n '__fish_seen_subcommand_from check' -l log-level
complete -c certty -n '__fish_seen_subcommand_from check' -l version
complete -c certty -n '__fish_seen_subcommand_from check' -l help
complete -c certty -n __fish_use_subcommand -f -a config -d 'Check the configuration, show it, or print a commented one'
complete -c certty -n '__fish_seen_subcommand_from config' -f -a check
complete -c certty -n '__fish_seen_subcommand_from config' -f -a show
complete -c certty -n '__fish_seen_subcommand_from config' -f -a default
complete -c certty -n '__fish_seen_subcommand_from config' -l offline
complete -c certty -n '__fish_seen_subcommand_from config' -l read-only
complete -c certty -n '__fish_seen_subcommand_from config' -l readonly
complete -c certty -n '__fish_seen_subcommand_from config' -l config
complete -c certty -n '__fish_seen_subcommand_from config' -l state
complete -c certty -n '__fish_seen_subcommand_from config' -l refresh
complete -c certty -n '__fish_seen_subcommand_from config' -l theme
complete -c certty -n '__fish_seen_subcommand_from config' -l no-color
complete -c certty -n '__fish_seen_subcommand_from config' -l ascii
complete -c certty -n '__fish_seen_subcommand_from config' -l log-file
complete -c certty -n '__fish_seen_subcommand_from config' -l log-level
complete -c certty -n '__fish_seen_subcommand_from config' -l version
complete -c certty -n '__fish_seen_subcommand_from config' -l help
complete -c certty -n __fish_use_subcommand -f -a audit -d 'List or export the journal of changes, or verify that it is whole'
complete -c certty -n '__fish_seen_subcommand_from audit' -f -a list
complete -c certty -n '__fish_seen_subcommand_from audit' -f -a export
complete -c certty -n '__fish_seen_subcommand_from audit' -f -a verify
complete -c certty -n '__fish_seen_subcommand_from audit' -l output
complete -c certty -n '__fish_seen_subcommand_from audit' -l offline
complete -c certty -n '__fish_seen_subcommand_from audit' -l read-only
complete -c certty -n '__fish_seen_subcommand_from audit' -l readonly
complete -c certty -n '__fish_seen_subcommand_from audit' -l config
complete -c certty -n '__fish_seen_subcommand_from audit' -l state
complete -c certty -n '__fish_seen_subcommand_from audit' -l refresh
complete -c certty -n '__fish_seen_subcommand_from audit' -l theme
complete -c certty -n '__fish_seen_subcommand_from audit' -l no-color
complete -c certty -n '__fish_seen_subcommand_from audit' -l ascii
complete -c certty -n '__fish_seen_subcommand_from audit' -l log-file
complete -c certty -n '__fish_seen_subcommand_from audit' -l log-level
complete -c certty -n '__fish_seen_subcommand_from audit' -l version
complete -c certty -n '__fish_seen_subcommand_from audit' -l help
complete -c certty -n __fish_use_subcommand -f -a completion -d 'Print completions for a shell'
complete -c certty -n '__fish_seen_subcommand_from completion' -f -a bash
complete -c certty -n '__fish_seen_subcommand_from completion' -f -a zsh
complete -c certty -n '__fish_seen_subcommand_from completion' -f -a fish
complete -c certty -n '__fish_seen_subcommand_from completion' -l offline
complete -c certty -n '__fish_seen_subcommand_from completion' -l read-only
complete -c certty -n '__fish_seen_subcommand_from completion' -l readonly
complete -c certty -n '__fish_seen_subcommand_from completion' -l config
complete -c certty -n '__fish_seen_subcommand_from completion' -l state
complete -c certty -n '__fish_seen_subcommand_from completion' -l refresh
complete -c certty -n '__fish_seen_subcommand_from completion' -l theme
complete -c certty -n '__fish_seen_subcommand_from completion' -l no-color
complete -c certty -n '__fish_seen_subcommand_from completion' -l ascii
complete -c certty -n '__fish_seen_subcommand_from completion' -l log-file
complete -c certty -n '__fish_seen_subcommand_from completion' -l log-level
complete -c certty -n '__fish_seen_subcommand_from completion' -l version
complete -c certty -n '__fish_seen_subcommand_from completion' -l help
complete -c certty -n __fish_use_subcommand -f -a login -d 'Add an account: asks at the terminal for what it needs'
complete -c certty -n '__fish_seen_subcommand_from login' -l provider
complete -c certty -n '__fish_seen_subcommand_from login' -l name
complete -c certty -n '__fish_seen_subcommand_from login' -l title
complete -c certty -n '__fish_seen_subcommand_from login' -l keep
complete -c certty -n '__fish_seen_subcommand_from login' -l untested
complete -c certty -n '__fish_seen_subcommand_from login' -l only-test
complete -c certty -n '__fish_seen_subcommand_from login' -l read
complete -c certty -n '__fish_seen_subcommand_from login' -l remove-file
complete -c certty -n '__fish_seen_subcommand_from login' -l code-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l from
complete -c certty -n '__fish_seen_subcommand_from login' -l file
complete -c certty -n '__fish_seen_subcommand_from login' -l section
complete -c certty -n '__fish_seen_subcommand_from login' -l host
complete -c certty -n '__fish_seen_subcommand_from login' -l client-token
complete -c certty -n '__fish_seen_subcommand_from login' -l client-secret-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l client-secret-command
complete -c certty -n '__fish_seen_subcommand_from login' -l access-token
complete -c certty -n '__fish_seen_subcommand_from login' -l account-switch-key
complete -c certty -n '__fish_seen_subcommand_from login' -l contract
complete -c certty -n '__fish_seen_subcommand_from login' -l access-key
complete -c certty -n '__fish_seen_subcommand_from login' -l secret-key-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l secret-key-command
complete -c certty -n '__fish_seen_subcommand_from login' -l session-token-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l session-token-command
complete -c certty -n '__fish_seen_subcommand_from login' -l profile
complete -c certty -n '__fish_seen_subcommand_from login' -l config-file
complete -c certty -n '__fish_seen_subcommand_from login' -l credentials-file
complete -c certty -n '__fish_seen_subcommand_from login' -l token-file
complete -c certty -n '__fish_seen_subcommand_from login' -l container-uri
complete -c certty -n '__fish_seen_subcommand_from login' -l metadata-endpoint
complete -c certty -n '__fish_seen_subcommand_from login' -l role
complete -c certty -n '__fish_seen_subcommand_from login' -l external-id
complete -c certty -n '__fish_seen_subcommand_from login' -l mfa-serial
complete -c certty -n '__fish_seen_subcommand_from login' -l session-name
complete -c certty -n '__fish_seen_subcommand_from login' -l duration
complete -c certty -n '__fish_seen_subcommand_from login' -l regions
complete -c certty -n '__fish_seen_subcommand_from login' -l partition
complete -c certty -n '__fish_seen_subcommand_from login' -l fips
complete -c certty -n '__fish_seen_subcommand_from login' -l dual-stack
complete -c certty -n '__fish_seen_subcommand_from login' -l endpoint
complete -c certty -n '__fish_seen_subcommand_from login' -l endpoints
complete -c certty -n '__fish_seen_subcommand_from login' -l rates
complete -c certty -n '__fish_seen_subcommand_from login' -l tenant
complete -c certty -n '__fish_seen_subcommand_from login' -l client-id
complete -c certty -n '__fish_seen_subcommand_from login' -l certificate-file
complete -c certty -n '__fish_seen_subcommand_from login' -l certificate-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l certificate-command
complete -c certty -n '__fish_seen_subcommand_from login' -l certificate-passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l certificate-passphrase-command
complete -c certty -n '__fish_seen_subcommand_from login' -l identity
complete -c certty -n '__fish_seen_subcommand_from login' -l identity-endpoint
complete -c certty -n '__fish_seen_subcommand_from login' -l login-tenant
complete -c certty -n '__fish_seen_subcommand_from login' -l cloud
complete -c certty -n '__fish_seen_subcommand_from login' -l authority
complete -c certty -n '__fish_seen_subcommand_from login' -l arm
complete -c certty -n '__fish_seen_subcommand_from login' -l arm-audience
complete -c certty -n '__fish_seen_subcommand_from login' -l vault-suffix
complete -c certty -n '__fish_seen_subcommand_from login' -l vault-audience
complete -c certty -n '__fish_seen_subcommand_from login' -l subscriptions
complete -c certty -n '__fish_seen_subcommand_from login' -l tenants
complete -c certty -n '__fish_seen_subcommand_from login' -l vaults
complete -c certty -n '__fish_seen_subcommand_from login' -l versions
complete -c certty -n '__fish_seen_subcommand_from login' -l deleted
complete -c certty -n '__fish_seen_subcommand_from login' -l auth
complete -c certty -n '__fish_seen_subcommand_from login' -l token-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l token-command
complete -c certty -n '__fish_seen_subcommand_from login' -l email
complete -c certty -n '__fish_seen_subcommand_from login' -l api-key-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l api-key-command
complete -c certty -n '__fish_seen_subcommand_from login' -l url
complete -c certty -n '__fish_seen_subcommand_from login' -l sso-key
complete -c certty -n '__fish_seen_subcommand_from login' -l sso-secret-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l sso-secret-command
complete -c certty -n '__fish_seen_subcommand_from login' -l api-path
complete -c certty -n '__fish_seen_subcommand_from login' -l user
complete -c certty -n '__fish_seen_subcommand_from login' -l domain
complete -c certty -n '__fish_seen_subcommand_from login' -l password-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l password-command
complete -c certty -n '__fish_seen_subcommand_from login' -l token-url
complete -c certty -n '__fish_seen_subcommand_from login' -l scopes
complete -c certty -n '__fish_seen_subcommand_from login' -l audience
complete -c certty -n '__fish_seen_subcommand_from login' -l client-auth
complete -c certty -n '__fish_seen_subcommand_from login' -l account-config
complete -c certty -n '__fish_seen_subcommand_from login' -l server
complete -c certty -n '__fish_seen_subcommand_from login' -l query
complete -c certty -n '__fish_seen_subcommand_from login' -l key-name
complete -c certty -n '__fish_seen_subcommand_from login' -l algorithm
complete -c certty -n '__fish_seen_subcommand_from login' -l secret-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l secret-command
complete -c certty -n '__fish_seen_subcommand_from login' -l tsig-file
complete -c certty -n '__fish_seen_subcommand_from login' -l zones
complete -c certty -n '__fish_seen_subcommand_from login' -l sign-in
complete -c certty -n '__fish_seen_subcommand_from login' -l login
complete -c certty -n '__fish_seen_subcommand_from login' -l customer-uri
complete -c certty -n '__fish_seen_subcommand_from login' -l instance
complete -c certty -n '__fish_seen_subcommand_from login' -l address
complete -c certty -n '__fish_seen_subcommand_from login' -l namespace
complete -c certty -n '__fish_seen_subcommand_from login' -l mount
complete -c certty -n '__fish_seen_subcommand_from login' -l role-id
complete -c certty -n '__fish_seen_subcommand_from login' -l secret-id-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l secret-id-command
complete -c certty -n '__fish_seen_subcommand_from login' -l wrapped
complete -c certty -n '__fish_seen_subcommand_from login' -l jwt-fd
complete -c certty -n '__fish_seen_subcommand_from login' -l jwt-command
complete -c certty -n '__fish_seen_subcommand_from login' -l jwt-file
complete -c certty -n '__fish_seen_subcommand_from login' -l tool
complete -c certty -n '__fish_seen_subcommand_from login' -l account-read-only
complete -c certty -n '__fish_seen_subcommand_from login' -l renew
complete -c certty -n '__fish_seen_subcommand_from login' -l defaults
complete -c certty -n '__fish_seen_subcommand_from login' -l proxy
complete -c certty -n '__fish_seen_subcommand_from login' -l ca-file
complete -c certty -n '__fish_seen_subcommand_from login' -l ca-folder
complete -c certty -n '__fish_seen_subcommand_from login' -l tls-name
complete -c certty -n '__fish_seen_subcommand_from login' -l cert-file
complete -c certty -n '__fish_seen_subcommand_from login' -l key-file
complete -c certty -n '__fish_seen_subcommand_from login' -l at-once
complete -c certty -n '__fish_seen_subcommand_from login' -l output
complete -c certty -n '__fish_seen_subcommand_from login' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from login' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from login' -l paste
complete -c certty -n '__fish_seen_subcommand_from login' -l offline
complete -c certty -n '__fish_seen_subcommand_from login' -l read-only
complete -c certty -n '__fish_seen_subcommand_from login' -l readonly
complete -c certty -n '__fish_seen_subcommand_from login' -l config
complete -c certty -n '__fish_seen_subcommand_from login' -l state
complete -c certty -n '__fish_seen_subcommand_from login' -l refresh
complete -c certty -n '__fish_seen_subcommand_from login' -l theme
complete -c certty -n '__fish_seen_subcommand_from login' -l no-color
complete -c certty -n '__fish_seen_subcommand_from login' -l ascii
complete -c certty -n '__fish_seen_subcommand_from login' -l log-file
complete -c certty -n '__fish_seen_subcommand_from login' -l log-level
complete -c certty -n '__fish_seen_subcommand_from login' -l version
complete -c certty -n '__fish_seen_subcommand_from login' -l help
complete -c certty -n __fish_use_subcommand -f -a accounts -d 'List accounts, or do something with them'
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a ls
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a add
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a edit
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a test
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a rotate
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a rename
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a disable
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a enable
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a drop
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a template
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a import
complete -c certty -n '__fish_seen_subcommand_from accounts' -f -a export
complete -c certty -n '__fish_seen_subcommand_from accounts' -l output
complete -c certty -n '__fish_seen_subcommand_from accounts' -l filter
complete -c certty -n '__fish_seen_subcommand_from accounts' -l account
complete -c certty -n '__fish_seen_subcommand_from accounts' -l sort
complete -c certty -n '__fish_seen_subcommand_from accounts' -l reverse
complete -c certty -n '__fish_seen_subcommand_from accounts' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts' -l help
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l provider
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l name
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l title
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l keep
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l untested
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l only-test
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l read
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l remove-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l code-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l from
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l section
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l host
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l client-token
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l client-secret-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l client-secret-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l access-token
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l account-switch-key
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l contract
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l access-key
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l secret-key-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l secret-key-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l session-token-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l session-token-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l profile
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l config-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l credentials-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l token-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l container-uri
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l metadata-endpoint
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l role
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l external-id
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l mfa-serial
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l session-name
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l duration
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l regions
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l partition
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l fips
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l dual-stack
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l endpoint
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l endpoints
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l rates
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l tenant
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l client-id
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l certificate-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l certificate-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l certificate-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l certificate-passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l certificate-passphrase-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l identity
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l identity-endpoint
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l login-tenant
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l cloud
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l authority
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l arm
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l arm-audience
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l vault-suffix
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l vault-audience
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l subscriptions
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l tenants
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l vaults
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l versions
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l deleted
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l auth
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l token-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l token-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l email
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l api-key-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l api-key-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l url
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l sso-key
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l sso-secret-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l sso-secret-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l api-path
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l user
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l domain
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l password-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l password-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l token-url
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l scopes
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l audience
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l client-auth
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l account-config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l server
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l query
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l key-name
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l algorithm
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l secret-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l secret-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l tsig-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l zones
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l sign-in
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l login
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l customer-uri
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l instance
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l address
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l namespace
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l mount
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l role-id
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l secret-id-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l secret-id-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l wrapped
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l jwt-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l jwt-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l jwt-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l tool
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l account-read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l renew
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l defaults
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l proxy
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l ca-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l ca-folder
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l tls-name
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l cert-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l key-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l at-once
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l output
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l yes
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l paste
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from add' -l help
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l title
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l keep
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l untested
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l code-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l from
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l section
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l host
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l client-token
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l client-secret-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l client-secret-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l access-token
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l account-switch-key
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l contract
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l access-key
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l secret-key-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l secret-key-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l session-token-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l session-token-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l profile
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l config-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l credentials-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l token-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l container-uri
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l metadata-endpoint
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l role
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l external-id
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l mfa-serial
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l session-name
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l duration
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l regions
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l partition
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l fips
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l dual-stack
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l endpoint
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l endpoints
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l rates
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l tenant
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l client-id
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l certificate-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l certificate-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l certificate-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l certificate-passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l certificate-passphrase-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l identity
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l identity-endpoint
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l login-tenant
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l cloud
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l authority
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l arm
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l arm-audience
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l vault-suffix
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l vault-audience
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l subscriptions
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l tenants
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l vaults
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l versions
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l deleted
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l auth
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l token-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l token-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l email
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l api-key-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l api-key-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l url
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l sso-key
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l sso-secret-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l sso-secret-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l api-path
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l user
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l domain
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l password-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l password-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l token-url
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l scopes
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l audience
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l client-auth
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l account-config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l server
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l query
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l key-name
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l algorithm
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l secret-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l secret-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l tsig-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l zones
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l sign-in
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l login
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l customer-uri
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l instance
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l address
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l namespace
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l mount
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l role-id
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l secret-id-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l secret-id-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l wrapped
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l jwt-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l jwt-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l jwt-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l tool
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l account-read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l renew
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l defaults
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l proxy
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l ca-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l ca-folder
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l tls-name
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l cert-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l key-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l at-once
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l output
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l yes
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from edit' -l help
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l code-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l output
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l filter
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l account
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from test' -l help
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l untested
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l code-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l from
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l section
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l host
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l client-token
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l client-secret-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l client-secret-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l access-token
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l account-switch-key
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l contract
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l access-key
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l secret-key-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l secret-key-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l session-token-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l session-token-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l profile
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l config-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l credentials-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l token-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l container-uri
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l metadata-endpoint
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l role
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l external-id
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l mfa-serial
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l session-name
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l duration
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l regions
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l partition
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l fips
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l dual-stack
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l endpoint
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l endpoints
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l rates
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l tenant
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l client-id
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l certificate-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l certificate-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l certificate-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l certificate-passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l certificate-passphrase-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l identity
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l identity-endpoint
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l login-tenant
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l cloud
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l authority
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l arm
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l arm-audience
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l vault-suffix
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l vault-audience
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l subscriptions
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l tenants
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l vaults
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l versions
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l deleted
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l auth
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l token-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l token-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l email
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l api-key-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l api-key-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l url
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l sso-key
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l sso-secret-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l sso-secret-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l api-path
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l user
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l domain
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l password-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l password-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l token-url
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l scopes
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l audience
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l client-auth
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l account-config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l server
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l query
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l key-name
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l algorithm
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l secret-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l secret-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l tsig-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l zones
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l sign-in
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l login
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l customer-uri
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l instance
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l address
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l namespace
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l mount
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l role-id
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l secret-id-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l secret-id-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l wrapped
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l jwt-fd
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l jwt-command
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l jwt-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l tool
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l account-read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l renew
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l defaults
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l proxy
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l ca-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l ca-folder
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l tls-name
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l cert-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l key-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l at-once
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l output
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l yes
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rotate' -l help
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l name
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l output
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l yes
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from rename' -l help
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l output
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l filter
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l account
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l yes
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from disable' -l help
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l output
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l filter
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l account
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l yes
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from enable' -l help
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l output
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l filter
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l account
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l yes
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from drop' -l help
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l provider
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from template' -l help
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l yes
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l provider
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l keep
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l partial
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from import' -l help
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l provider
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l offline
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l config
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l state
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l theme
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l version
complete -c certty -n '__fish_seen_subcommand_from accounts; and __fish_seen_subcommand_from export' -l help
complete -c certty -n __fish_use_subcommand -f -a stores -d 'List stores, or do something with them'
complete -c certty -n '__fish_seen_subcommand_from stores' -f -a ls
complete -c certty -n '__fish_seen_subcommand_from stores' -f -a add
complete -c certty -n '__fish_seen_subcommand_from stores' -f -a drop
complete -c certty -n '__fish_seen_subcommand_from stores' -f -a label
complete -c certty -n '__fish_seen_subcommand_from stores' -f -a refresh
complete -c certty -n '__fish_seen_subcommand_from stores' -f -a passphrase
complete -c certty -n '__fish_seen_subcommand_from stores' -f -a template
complete -c certty -n '__fish_seen_subcommand_from stores' -f -a import
complete -c certty -n '__fish_seen_subcommand_from stores' -f -a export
complete -c certty -n '__fish_seen_subcommand_from stores' -l output
complete -c certty -n '__fish_seen_subcommand_from stores' -l filter
complete -c certty -n '__fish_seen_subcommand_from stores' -l account
complete -c certty -n '__fish_seen_subcommand_from stores' -l sort
complete -c certty -n '__fish_seen_subcommand_from stores' -l reverse
complete -c certty -n '__fish_seen_subcommand_from stores' -l offline
complete -c certty -n '__fish_seen_subcommand_from stores' -l read-only
complete -c certty -n '__fish_seen_subcommand_from stores' -l readonly
complete -c certty -n '__fish_seen_subcommand_from stores' -l config
complete -c certty -n '__fish_seen_subcommand_from stores' -l state
complete -c certty -n '__fish_seen_subcommand_from stores' -l refresh
complete -c certty -n '__fish_seen_subcommand_from stores' -l theme
complete -c certty -n '__fish_seen_subcommand_from stores' -l no-color
complete -c certty -n '__fish_seen_subcommand_from stores' -l ascii
complete -c certty -n '__fish_seen_subcommand_from stores' -l log-file
complete -c certty -n '__fish_seen_subcommand_from stores' -l log-level
complete -c certty -n '__fish_seen_subcommand_from stores' -l version
complete -c certty -n '__fish_seen_subcommand_from stores' -l help
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l address
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l type
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l title
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l through
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l output
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l yes
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l offline
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l read-only
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l readonly
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l config
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l state
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l refresh
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l theme
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l no-color
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l ascii
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l log-file
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l log-level
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l version
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from add' -l help
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l output
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l filter
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l account
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l yes
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l offline
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l read-only
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l readonly
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l config
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l state
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l refresh
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l theme
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l no-color
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l ascii
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l log-file
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l log-level
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l version
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from drop' -l help
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l container
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l add
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l remove
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l output
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l filter
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l account
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l yes
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l offline
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l read-only
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l readonly
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l config
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l state
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l refresh
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l theme
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l no-color
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l ascii
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l log-file
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l log-level
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l version
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from label' -l help
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l output
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l filter
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l account
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l offline
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l read-only
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l readonly
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l config
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l state
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l refresh
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l theme
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l no-color
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l ascii
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l log-file
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l log-level
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l version
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from refresh' -l help
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l forget
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l output
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l yes
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l offline
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l read-only
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l readonly
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l config
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l state
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l refresh
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l theme
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l no-color
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l ascii
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l log-file
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l log-level
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l version
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from passphrase' -l help
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l provider
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l offline
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l read-only
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l readonly
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l config
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l state
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l refresh
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l theme
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l no-color
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l ascii
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l log-file
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l log-level
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l version
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from template' -l help
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l yes
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l provider
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l keep
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l partial
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l offline
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l read-only
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l readonly
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l config
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l state
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l refresh
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l theme
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l no-color
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l ascii
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l log-file
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l log-level
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l version
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from import' -l help
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l provider
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l offline
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l read-only
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l readonly
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l config
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l state
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l refresh
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l theme
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l no-color
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l ascii
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l log-file
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l log-level
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l version
complete -c certty -n '__fish_seen_subcommand_from stores; and __fish_seen_subcommand_from export' -l help
complete -c certty -n __fish_use_subcommand -f -a objects -d 'List roles and the like, or do something with them'
complete -c certty -n '__fish_seen_subcommand_from objects' -f -a ls
complete -c certty -n '__fish_seen_subcommand_from objects' -f -a add
complete -c certty -n '__fish_seen_subcommand_from objects' -f -a edit
complete -c certty -n '__fish_seen_subcommand_from objects' -f -a drop
complete -c certty -n '__fish_seen_subcommand_from objects' -f -a reset
complete -c certty -n '__fish_seen_subcommand_from objects' -f -a save
complete -c certty -n '__fish_seen_subcommand_from objects' -f -a approve
complete -c certty -n '__fish_seen_subcommand_from objects' -f -a history
complete -c certty -n '__fish_seen_subcommand_from objects' -l output
complete -c certty -n '__fish_seen_subcommand_from objects' -l filter
complete -c certty -n '__fish_seen_subcommand_from objects' -l account
complete -c certty -n '__fish_seen_subcommand_from objects' -l sort
complete -c certty -n '__fish_seen_subcommand_from objects' -l reverse
complete -c certty -n '__fish_seen_subcommand_from objects' -l offline
complete -c certty -n '__fish_seen_subcommand_from objects' -l read-only
complete -c certty -n '__fish_seen_subcommand_from objects' -l readonly
complete -c certty -n '__fish_seen_subcommand_from objects' -l config
complete -c certty -n '__fish_seen_subcommand_from objects' -l state
complete -c certty -n '__fish_seen_subcommand_from objects' -l refresh
complete -c certty -n '__fish_seen_subcommand_from objects' -l theme
complete -c certty -n '__fish_seen_subcommand_from objects' -l no-color
complete -c certty -n '__fish_seen_subcommand_from objects' -l ascii
complete -c certty -n '__fish_seen_subcommand_from objects' -l log-file
complete -c certty -n '__fish_seen_subcommand_from objects' -l log-level
complete -c certty -n '__fish_seen_subcommand_from objects' -l version
complete -c certty -n '__fish_seen_subcommand_from objects' -l help
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l name
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l what
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l manifest
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l store-type
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l file
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l hold-agents
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l deletes
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l machine
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l agent
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l container
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l create-if-missing
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l properties
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l server-username-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l server-password-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l store-password-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l other-secrets-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l dirs
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l ignored-dirs
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l extensions
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l patterns
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l symlinks
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l at
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l organization
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l cert-types
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l description
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l server
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l allowed-domains
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l allow-subdomains
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l allow-bare-domains
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l allow-glob-domains
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l allow-any-name
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l allow-ip-sans
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l ttl
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l max-ttl
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l key-type
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l key-bits
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l server-flag
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l client-flag
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l issuer-ref
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l require-cn
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l no-store
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l generate-lease
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l allow-localhost
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l allow-wildcard-certificates
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l enforce-hostnames
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l allowed-uri-sans
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l key-usage
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l ext-key-usage
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l code-signing-flag
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l email-protection-flag
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l use-csr-common-name
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l use-csr-sans
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l ou
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l country
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l output
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l yes
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l offline
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l read-only
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l readonly
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l config
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l state
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l refresh
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l theme
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l no-color
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l ascii
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l log-file
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l log-level
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l version
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from add' -l help
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l not-before
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l not-after
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l status
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l stores
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l machine
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l path
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l agent
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l container
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l create-if-missing
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l properties
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l server-username-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l server-password-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l store-password-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l other-secrets-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l then
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l delegate
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l undelegate
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l cert-types
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l approve
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l reject
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l rename
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l add-names
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l remove-names
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l eab-file
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l ask
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l allowed-domains
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l allow-subdomains
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l allow-bare-domains
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l allow-glob-domains
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l allow-any-name
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l allow-ip-sans
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l ttl
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l max-ttl
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l key-type
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l key-bits
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l server-flag
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l client-flag
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l issuer-ref
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l require-cn
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l no-store
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l generate-lease
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l allow-localhost
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l allow-wildcard-certificates
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l enforce-hostnames
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l allowed-uri-sans
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l key-usage
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l ext-key-usage
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l code-signing-flag
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l email-protection-flag
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l use-csr-common-name
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l use-csr-sans
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l organization
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l ou
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l country
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l url
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l api-path
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l ca
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l template
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l auth
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l user
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l password-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l domain
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l client-id
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l client-secret-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l token-url
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l scopes
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l audience
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l access-token-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l ca-path
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l skip-verify
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l accept-risk
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l tidy
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l tidy-interval
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l tidy-after
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l reveal-file
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l output
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l yes
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l offline
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l read-only
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l readonly
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l config
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l state
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l refresh
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l theme
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l no-color
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l ascii
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l log-file
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l log-level
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l version
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from edit' -l help
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l output
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l filter
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l account
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l yes
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l offline
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l read-only
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l readonly
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l config
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l state
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l refresh
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l theme
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l no-color
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l ascii
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l log-file
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l log-level
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l version
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from drop' -l help
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l output
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l filter
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l account
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l yes
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l offline
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l read-only
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l readonly
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l config
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l state
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l refresh
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l theme
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l no-color
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l ascii
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l log-file
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l log-level
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l version
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from reset' -l help
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l file
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l replace
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l rows
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l agent
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l what
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l format
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l output
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l yes
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l offline
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l read-only
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l readonly
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l config
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l state
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l refresh
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l theme
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l no-color
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l ascii
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l log-file
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l log-level
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l version
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from save' -l help
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l container
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l properties
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l server-username-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l server-password-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l store-password-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l other-secrets-fd
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l output
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l filter
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l account
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l yes
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l offline
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l read-only
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l readonly
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l config
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l state
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l refresh
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l theme
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l no-color
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l ascii
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l log-file
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l log-level
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l version
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from approve' -l help
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l output
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l offline
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l read-only
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l readonly
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l config
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l state
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l refresh
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l theme
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l no-color
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l ascii
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l log-file
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l log-level
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l version
complete -c certty -n '__fish_seen_subcommand_from objects; and __fish_seen_subcommand_from history' -l help
complete -c certty -n __fish_use_subcommand -f -a enrollments -d 'Begin many enrolments at once, out of a CSV file'
complete -c certty -n '__fish_seen_subcommand_from enrollments' -f -a template
complete -c certty -n '__fish_seen_subcommand_from enrollments' -f -a import
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l offline
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l read-only
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l readonly
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l config
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l state
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l refresh
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l theme
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l no-color
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l ascii
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l log-file
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l log-level
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l version
complete -c certty -n '__fish_seen_subcommand_from enrollments' -l help
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l provider
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l offline
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l read-only
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l readonly
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l config
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l state
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l refresh
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l theme
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l no-color
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l ascii
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l log-file
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l log-level
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l version
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from template' -l help
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l yes
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l keep
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l partial
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l offline
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l read-only
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l readonly
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l config
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l state
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l refresh
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l theme
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l no-color
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l ascii
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l log-file
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l log-level
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l version
complete -c certty -n '__fish_seen_subcommand_from enrollments; and __fish_seen_subcommand_from import' -l help
complete -c certty -n __fish_use_subcommand -f -a sectigo -d 'Bring domains and ACME accounts at Sectigo to a state, for automation'
complete -c certty -n '__fish_seen_subcommand_from sectigo' -f -a acme-domain
complete -c certty -n '__fish_seen_subcommand_from sectigo' -f -a acme-user
complete -c certty -n '__fish_seen_subcommand_from sectigo' -f -a acme-user-domains
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l offline
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l read-only
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l readonly
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l config
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l state
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l refresh
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l theme
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l no-color
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l ascii
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l log-file
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l log-level
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l version
complete -c certty -n '__fish_seen_subcommand_from sectigo' -l help
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l state
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l check
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l organization
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l cert-types
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l description
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l output
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l account
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l yes
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l offline
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l read-only
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l readonly
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l config
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l refresh
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l theme
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l no-color
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l ascii
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l log-file
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l log-level
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l version
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-domain' -l help
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l state
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l check
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l organization
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l server
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l eab-file
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l output
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l account
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l yes
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l offline
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l read-only
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l readonly
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l config
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l refresh
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l theme
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l no-color
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l ascii
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l log-file
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l log-level
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l version
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user' -l help
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l state
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l only
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l check
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l organization
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l server
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l names
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l output
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l account
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l yes
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l offline
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l read-only
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l readonly
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l config
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l refresh
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l theme
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l no-color
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l ascii
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l log-file
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l log-level
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l version
complete -c certty -n '__fish_seen_subcommand_from sectigo; and __fish_seen_subcommand_from acme-user-domains' -l help
complete -c certty -n __fish_use_subcommand -f -a defaults -d 'List sets of default values, show one, set a value in one or forget one'
complete -c certty -n '__fish_seen_subcommand_from defaults' -f -a ls
complete -c certty -n '__fish_seen_subcommand_from defaults' -f -a show
complete -c certty -n '__fish_seen_subcommand_from defaults' -f -a set
complete -c certty -n '__fish_seen_subcommand_from defaults' -f -a drop
complete -c certty -n '__fish_seen_subcommand_from defaults' -l output
complete -c certty -n '__fish_seen_subcommand_from defaults' -l yes
complete -c certty -n '__fish_seen_subcommand_from defaults' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from defaults' -l offline
complete -c certty -n '__fish_seen_subcommand_from defaults' -l read-only
complete -c certty -n '__fish_seen_subcommand_from defaults' -l readonly
complete -c certty -n '__fish_seen_subcommand_from defaults' -l config
complete -c certty -n '__fish_seen_subcommand_from defaults' -l state
complete -c certty -n '__fish_seen_subcommand_from defaults' -l refresh
complete -c certty -n '__fish_seen_subcommand_from defaults' -l theme
complete -c certty -n '__fish_seen_subcommand_from defaults' -l no-color
complete -c certty -n '__fish_seen_subcommand_from defaults' -l ascii
complete -c certty -n '__fish_seen_subcommand_from defaults' -l log-file
complete -c certty -n '__fish_seen_subcommand_from defaults' -l log-level
complete -c certty -n '__fish_seen_subcommand_from defaults' -l version
complete -c certty -n '__fish_seen_subcommand_from defaults' -l help
complete -c certty -n __fish_use_subcommand -f -a doctor -d 'Say what works here, and what is wrong and what to do'
complete -c certty -n '__fish_seen_subcommand_from doctor' -l output
complete -c certty -n '__fish_seen_subcommand_from doctor' -l offline
complete -c certty -n '__fish_seen_subcommand_from doctor' -l read-only
complete -c certty -n '__fish_seen_subcommand_from doctor' -l readonly
complete -c certty -n '__fish_seen_subcommand_from doctor' -l config
complete -c certty -n '__fish_seen_subcommand_from doctor' -l state
complete -c certty -n '__fish_seen_subcommand_from doctor' -l refresh
complete -c certty -n '__fish_seen_subcommand_from doctor' -l theme
complete -c certty -n '__fish_seen_subcommand_from doctor' -l no-color
complete -c certty -n '__fish_seen_subcommand_from doctor' -l ascii
complete -c certty -n '__fish_seen_subcommand_from doctor' -l log-file
complete -c certty -n '__fish_seen_subcommand_from doctor' -l log-level
complete -c certty -n '__fish_seen_subcommand_from doctor' -l version
complete -c certty -n '__fish_seen_subcommand_from doctor' -l help
complete -c certty -n __fish_use_subcommand -f -a why -d 'Say what stands in the way of a request'\''s or a host'\''s validation'
complete -c certty -n '__fish_seen_subcommand_from why' -l name
complete -c certty -n '__fish_seen_subcommand_from why' -l record
complete -c certty -n '__fish_seen_subcommand_from why' -l ca
complete -c certty -n '__fish_seen_subcommand_from why' -l account-uri
complete -c certty -n '__fish_seen_subcommand_from why' -l method
complete -c certty -n '__fish_seen_subcommand_from why' -l http
complete -c certty -n '__fish_seen_subcommand_from why' -l output
complete -c certty -n '__fish_seen_subcommand_from why' -l offline
complete -c certty -n '__fish_seen_subcommand_from why' -l read-only
complete -c certty -n '__fish_seen_subcommand_from why' -l readonly
complete -c certty -n '__fish_seen_subcommand_from why' -l config
complete -c certty -n '__fish_seen_subcommand_from why' -l state
complete -c certty -n '__fish_seen_subcommand_from why' -l refresh
complete -c certty -n '__fish_seen_subcommand_from why' -l theme
complete -c certty -n '__fish_seen_subcommand_from why' -l no-color
complete -c certty -n '__fish_seen_subcommand_from why' -l ascii
complete -c certty -n '__fish_seen_subcommand_from why' -l log-file
complete -c certty -n '__fish_seen_subcommand_from why' -l log-level
complete -c certty -n '__fish_seen_subcommand_from why' -l version
complete -c certty -n '__fish_seen_subcommand_from why' -l help
complete -c certty -n __fish_use_subcommand -f -a served -d 'Say what sites really serve, and whether it is what it should be'
complete -c certty -n '__fish_seen_subcommand_from served' -l sites
complete -c certty -n '__fish_seen_subcommand_from served' -l file
complete -c certty -n '__fish_seen_subcommand_from served' -l output
complete -c certty -n '__fish_seen_subcommand_from served' -l offline
complete -c certty -n '__fish_seen_subcommand_from served' -l read-only
complete -c certty -n '__fish_seen_subcommand_from served' -l readonly
complete -c certty -n '__fish_seen_subcommand_from served' -l config
complete -c certty -n '__fish_seen_subcommand_from served' -l state
complete -c certty -n '__fish_seen_subcommand_from served' -l refresh
complete -c certty -n '__fish_seen_subcommand_from served' -l theme
complete -c certty -n '__fish_seen_subcommand_from served' -l no-color
complete -c certty -n '__fish_seen_subcommand_from served' -l ascii
complete -c certty -n '__fish_seen_subcommand_from served' -l log-file
complete -c certty -n '__fish_seen_subcommand_from served' -l log-level
complete -c certty -n '__fish_seen_subcommand_from served' -l version
complete -c certty -n '__fish_seen_subcommand_from served' -l help
complete -c certty -n __fish_use_subcommand -f -a refresh -d 'Read stores again; all of them when none is named'
complete -c certty -n '__fish_seen_subcommand_from refresh' -l output
complete -c certty -n '__fish_seen_subcommand_from refresh' -l filter
complete -c certty -n '__fish_seen_subcommand_from refresh' -l account
complete -c certty -n '__fish_seen_subcommand_from refresh' -l offline
complete -c certty -n '__fish_seen_subcommand_from refresh' -l read-only
complete -c certty -n '__fish_seen_subcommand_from refresh' -l readonly
complete -c certty -n '__fish_seen_subcommand_from refresh' -l config
complete -c certty -n '__fish_seen_subcommand_from refresh' -l state
complete -c certty -n '__fish_seen_subcommand_from refresh' -l refresh
complete -c certty -n '__fish_seen_subcommand_from refresh' -l theme
complete -c certty -n '__fish_seen_subcommand_from refresh' -l no-color
complete -c certty -n '__fish_seen_subcommand_from refresh' -l ascii
complete -c certty -n '__fish_seen_subcommand_from refresh' -l log-file
complete -c certty -n '__fish_seen_subcommand_from refresh' -l log-level
complete -c certty -n '__fish_seen_subcommand_from refresh' -l version
complete -c certty -n '__fish_seen_subcommand_from refresh' -l help
complete -c certty -n __fish_use_subcommand -f -a discover -d 'Look for stores that are not known yet'
complete -c certty -n '__fish_seen_subcommand_from discover' -l folders
complete -c certty -n '__fish_seen_subcommand_from discover' -l hosts
complete -c certty -n '__fish_seen_subcommand_from discover' -l networks
complete -c certty -n '__fish_seen_subcommand_from discover' -l ports
complete -c certty -n '__fish_seen_subcommand_from discover' -l output
complete -c certty -n '__fish_seen_subcommand_from discover' -l offline
complete -c certty -n '__fish_seen_subcommand_from discover' -l read-only
complete -c certty -n '__fish_seen_subcommand_from discover' -l readonly
complete -c certty -n '__fish_seen_subcommand_from discover' -l config
complete -c certty -n '__fish_seen_subcommand_from discover' -l state
complete -c certty -n '__fish_seen_subcommand_from discover' -l refresh
complete -c certty -n '__fish_seen_subcommand_from discover' -l theme
complete -c certty -n '__fish_seen_subcommand_from discover' -l no-color
complete -c certty -n '__fish_seen_subcommand_from discover' -l ascii
complete -c certty -n '__fish_seen_subcommand_from discover' -l log-file
complete -c certty -n '__fish_seen_subcommand_from discover' -l log-level
complete -c certty -n '__fish_seen_subcommand_from discover' -l version
complete -c certty -n '__fish_seen_subcommand_from discover' -l help
complete -c certty -n __fish_use_subcommand -f -a accept -d 'Make what discovery found a store'
complete -c certty -n '__fish_seen_subcommand_from accept' -l output
complete -c certty -n '__fish_seen_subcommand_from accept' -l filter
complete -c certty -n '__fish_seen_subcommand_from accept' -l account
complete -c certty -n '__fish_seen_subcommand_from accept' -l yes
complete -c certty -n '__fish_seen_subcommand_from accept' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from accept' -l offline
complete -c certty -n '__fish_seen_subcommand_from accept' -l read-only
complete -c certty -n '__fish_seen_subcommand_from accept' -l readonly
complete -c certty -n '__fish_seen_subcommand_from accept' -l config
complete -c certty -n '__fish_seen_subcommand_from accept' -l state
complete -c certty -n '__fish_seen_subcommand_from accept' -l refresh
complete -c certty -n '__fish_seen_subcommand_from accept' -l theme
complete -c certty -n '__fish_seen_subcommand_from accept' -l no-color
complete -c certty -n '__fish_seen_subcommand_from accept' -l ascii
complete -c certty -n '__fish_seen_subcommand_from accept' -l log-file
complete -c certty -n '__fish_seen_subcommand_from accept' -l log-level
complete -c certty -n '__fish_seen_subcommand_from accept' -l version
complete -c certty -n '__fish_seen_subcommand_from accept' -l help
complete -c certty -n __fish_use_subcommand -f -a ignore -d 'Leave what discovery found out from now on'
complete -c certty -n '__fish_seen_subcommand_from ignore' -l output
complete -c certty -n '__fish_seen_subcommand_from ignore' -l filter
complete -c certty -n '__fish_seen_subcommand_from ignore' -l account
complete -c certty -n '__fish_seen_subcommand_from ignore' -l yes
complete -c certty -n '__fish_seen_subcommand_from ignore' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from ignore' -l offline
complete -c certty -n '__fish_seen_subcommand_from ignore' -l read-only
complete -c certty -n '__fish_seen_subcommand_from ignore' -l readonly
complete -c certty -n '__fish_seen_subcommand_from ignore' -l config
complete -c certty -n '__fish_seen_subcommand_from ignore' -l state
complete -c certty -n '__fish_seen_subcommand_from ignore' -l refresh
complete -c certty -n '__fish_seen_subcommand_from ignore' -l theme
complete -c certty -n '__fish_seen_subcommand_from ignore' -l no-color
complete -c certty -n '__fish_seen_subcommand_from ignore' -l ascii
complete -c certty -n '__fish_seen_subcommand_from ignore' -l log-file
complete -c certty -n '__fish_seen_subcommand_from ignore' -l log-level
complete -c certty -n '__fish_seen_subcommand_from ignore' -l version
complete -c certty -n '__fish_seen_subcommand_from ignore' -l help
complete -c certty -n __fish_use_subcommand -f -a store-add -d 'Add a store: a folder, a keystore file, an endpoint or a vault'
complete -c certty -n '__fish_seen_subcommand_from store-add' -l address
complete -c certty -n '__fish_seen_subcommand_from store-add' -l type
complete -c certty -n '__fish_seen_subcommand_from store-add' -l title
complete -c certty -n '__fish_seen_subcommand_from store-add' -l through
complete -c certty -n '__fish_seen_subcommand_from store-add' -l output
complete -c certty -n '__fish_seen_subcommand_from store-add' -l yes
complete -c certty -n '__fish_seen_subcommand_from store-add' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from store-add' -l offline
complete -c certty -n '__fish_seen_subcommand_from store-add' -l read-only
complete -c certty -n '__fish_seen_subcommand_from store-add' -l readonly
complete -c certty -n '__fish_seen_subcommand_from store-add' -l config
complete -c certty -n '__fish_seen_subcommand_from store-add' -l state
complete -c certty -n '__fish_seen_subcommand_from store-add' -l refresh
complete -c certty -n '__fish_seen_subcommand_from store-add' -l theme
complete -c certty -n '__fish_seen_subcommand_from store-add' -l no-color
complete -c certty -n '__fish_seen_subcommand_from store-add' -l ascii
complete -c certty -n '__fish_seen_subcommand_from store-add' -l log-file
complete -c certty -n '__fish_seen_subcommand_from store-add' -l log-level
complete -c certty -n '__fish_seen_subcommand_from store-add' -l version
complete -c certty -n '__fish_seen_subcommand_from store-add' -l help
complete -c certty -n __fish_use_subcommand -f -a store-drop -d 'Forget a store; nothing in it is touched'
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l output
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l filter
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l account
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l yes
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l offline
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l read-only
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l readonly
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l config
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l state
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l refresh
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l theme
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l no-color
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l ascii
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l log-file
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l log-level
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l version
complete -c certty -n '__fish_seen_subcommand_from store-drop' -l help
complete -c certty -n __fish_use_subcommand -f -a label -d 'Set the labels and the container of stores'
complete -c certty -n '__fish_seen_subcommand_from label' -l container
complete -c certty -n '__fish_seen_subcommand_from label' -l add
complete -c certty -n '__fish_seen_subcommand_from label' -l remove
complete -c certty -n '__fish_seen_subcommand_from label' -l output
complete -c certty -n '__fish_seen_subcommand_from label' -l filter
complete -c certty -n '__fish_seen_subcommand_from label' -l account
complete -c certty -n '__fish_seen_subcommand_from label' -l yes
complete -c certty -n '__fish_seen_subcommand_from label' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from label' -l offline
complete -c certty -n '__fish_seen_subcommand_from label' -l read-only
complete -c certty -n '__fish_seen_subcommand_from label' -l readonly
complete -c certty -n '__fish_seen_subcommand_from label' -l config
complete -c certty -n '__fish_seen_subcommand_from label' -l state
complete -c certty -n '__fish_seen_subcommand_from label' -l refresh
complete -c certty -n '__fish_seen_subcommand_from label' -l theme
complete -c certty -n '__fish_seen_subcommand_from label' -l no-color
complete -c certty -n '__fish_seen_subcommand_from label' -l ascii
complete -c certty -n '__fish_seen_subcommand_from label' -l log-file
complete -c certty -n '__fish_seen_subcommand_from label' -l log-level
complete -c certty -n '__fish_seen_subcommand_from label' -l version
complete -c certty -n '__fish_seen_subcommand_from label' -l help
complete -c certty -n __fish_use_subcommand -f -a add -d 'Add a certificate from a file to a store'
complete -c certty -n '__fish_seen_subcommand_from add' -l file
complete -c certty -n '__fish_seen_subcommand_from add' -l name
complete -c certty -n '__fish_seen_subcommand_from add' -l key
complete -c certty -n '__fish_seen_subcommand_from add' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from add' -l new-passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from add' -l replace
complete -c certty -n '__fish_seen_subcommand_from add' -l tags
complete -c certty -n '__fish_seen_subcommand_from add' -l drop-tags
complete -c certty -n '__fish_seen_subcommand_from add' -l non-exportable
complete -c certty -n '__fish_seen_subcommand_from add' -l parameters
complete -c certty -n '__fish_seen_subcommand_from add' -l parameter-secrets-fd
complete -c certty -n '__fish_seen_subcommand_from add' -l output
complete -c certty -n '__fish_seen_subcommand_from add' -l yes
complete -c certty -n '__fish_seen_subcommand_from add' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from add' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from add' -l offline
complete -c certty -n '__fish_seen_subcommand_from add' -l read-only
complete -c certty -n '__fish_seen_subcommand_from add' -l readonly
complete -c certty -n '__fish_seen_subcommand_from add' -l config
complete -c certty -n '__fish_seen_subcommand_from add' -l state
complete -c certty -n '__fish_seen_subcommand_from add' -l refresh
complete -c certty -n '__fish_seen_subcommand_from add' -l theme
complete -c certty -n '__fish_seen_subcommand_from add' -l no-color
complete -c certty -n '__fish_seen_subcommand_from add' -l ascii
complete -c certty -n '__fish_seen_subcommand_from add' -l log-file
complete -c certty -n '__fish_seen_subcommand_from add' -l log-level
complete -c certty -n '__fish_seen_subcommand_from add' -l version
complete -c certty -n '__fish_seen_subcommand_from add' -l help
complete -c certty -n __fish_use_subcommand -f -a remove -d 'Remove a certificate from a store'
complete -c certty -n '__fish_seen_subcommand_from remove' -l store
complete -c certty -n '__fish_seen_subcommand_from remove' -l output
complete -c certty -n '__fish_seen_subcommand_from remove' -l filter
complete -c certty -n '__fish_seen_subcommand_from remove' -l account
complete -c certty -n '__fish_seen_subcommand_from remove' -l yes
complete -c certty -n '__fish_seen_subcommand_from remove' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from remove' -l offline
complete -c certty -n '__fish_seen_subcommand_from remove' -l read-only
complete -c certty -n '__fish_seen_subcommand_from remove' -l readonly
complete -c certty -n '__fish_seen_subcommand_from remove' -l config
complete -c certty -n '__fish_seen_subcommand_from remove' -l state
complete -c certty -n '__fish_seen_subcommand_from remove' -l refresh
complete -c certty -n '__fish_seen_subcommand_from remove' -l theme
complete -c certty -n '__fish_seen_subcommand_from remove' -l no-color
complete -c certty -n '__fish_seen_subcommand_from remove' -l ascii
complete -c certty -n '__fish_seen_subcommand_from remove' -l log-file
complete -c certty -n '__fish_seen_subcommand_from remove' -l log-level
complete -c certty -n '__fish_seen_subcommand_from remove' -l version
complete -c certty -n '__fish_seen_subcommand_from remove' -l help
complete -c certty -n __fish_use_subcommand -f -a export -d 'Write a certificate to a file'
complete -c certty -n '__fish_seen_subcommand_from export' -l format
complete -c certty -n '__fish_seen_subcommand_from export' -l file
complete -c certty -n '__fish_seen_subcommand_from export' -l with-key
complete -c certty -n '__fish_seen_subcommand_from export' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from export' -l charge
complete -c certty -n '__fish_seen_subcommand_from export' -l store
complete -c certty -n '__fish_seen_subcommand_from export' -l replace
complete -c certty -n '__fish_seen_subcommand_from export' -l output
complete -c certty -n '__fish_seen_subcommand_from export' -l filter
complete -c certty -n '__fish_seen_subcommand_from export' -l account
complete -c certty -n '__fish_seen_subcommand_from export' -l yes
complete -c certty -n '__fish_seen_subcommand_from export' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from export' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from export' -l offline
complete -c certty -n '__fish_seen_subcommand_from export' -l read-only
complete -c certty -n '__fish_seen_subcommand_from export' -l readonly
complete -c certty -n '__fish_seen_subcommand_from export' -l config
complete -c certty -n '__fish_seen_subcommand_from export' -l state
complete -c certty -n '__fish_seen_subcommand_from export' -l refresh
complete -c certty -n '__fish_seen_subcommand_from export' -l theme
complete -c certty -n '__fish_seen_subcommand_from export' -l no-color
complete -c certty -n '__fish_seen_subcommand_from export' -l ascii
complete -c certty -n '__fish_seen_subcommand_from export' -l log-file
complete -c certty -n '__fish_seen_subcommand_from export' -l log-level
complete -c certty -n '__fish_seen_subcommand_from export' -l version
complete -c certty -n '__fish_seen_subcommand_from export' -l help
complete -c certty -n __fish_use_subcommand -f -a key -d 'Make a private key and a request that a CA can sign'
complete -c certty -n '__fish_seen_subcommand_from key' -l names
complete -c certty -n '__fish_seen_subcommand_from key' -l subject
complete -c certty -n '__fish_seen_subcommand_from key' -l kind
complete -c certty -n '__fish_seen_subcommand_from key' -l key-file
complete -c certty -n '__fish_seen_subcommand_from key' -l csr-file
complete -c certty -n '__fish_seen_subcommand_from key' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from key' -l plain
complete -c certty -n '__fish_seen_subcommand_from key' -l replace
complete -c certty -n '__fish_seen_subcommand_from key' -l output
complete -c certty -n '__fish_seen_subcommand_from key' -l yes
complete -c certty -n '__fish_seen_subcommand_from key' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from key' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from key' -l offline
complete -c certty -n '__fish_seen_subcommand_from key' -l read-only
complete -c certty -n '__fish_seen_subcommand_from key' -l readonly
complete -c certty -n '__fish_seen_subcommand_from key' -l config
complete -c certty -n '__fish_seen_subcommand_from key' -l state
complete -c certty -n '__fish_seen_subcommand_from key' -l refresh
complete -c certty -n '__fish_seen_subcommand_from key' -l theme
complete -c certty -n '__fish_seen_subcommand_from key' -l no-color
complete -c certty -n '__fish_seen_subcommand_from key' -l ascii
complete -c certty -n '__fish_seen_subcommand_from key' -l log-file
complete -c certty -n '__fish_seen_subcommand_from key' -l log-level
complete -c certty -n '__fish_seen_subcommand_from key' -l version
complete -c certty -n '__fish_seen_subcommand_from key' -l help
complete -c certty -n __fish_use_subcommand -f -a approve -d 'Approve a request: sign the certificate it asks for'
complete -c certty -n '__fish_seen_subcommand_from approve' -l profile
complete -c certty -n '__fish_seen_subcommand_from approve' -l validity
complete -c certty -n '__fish_seen_subcommand_from approve' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from approve' -l digest
complete -c certty -n '__fish_seen_subcommand_from approve' -l accept
complete -c certty -n '__fish_seen_subcommand_from approve' -l output
complete -c certty -n '__fish_seen_subcommand_from approve' -l filter
complete -c certty -n '__fish_seen_subcommand_from approve' -l account
complete -c certty -n '__fish_seen_subcommand_from approve' -l yes
complete -c certty -n '__fish_seen_subcommand_from approve' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from approve' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from approve' -l offline
complete -c certty -n '__fish_seen_subcommand_from approve' -l read-only
complete -c certty -n '__fish_seen_subcommand_from approve' -l readonly
complete -c certty -n '__fish_seen_subcommand_from approve' -l config
complete -c certty -n '__fish_seen_subcommand_from approve' -l state
complete -c certty -n '__fish_seen_subcommand_from approve' -l refresh
complete -c certty -n '__fish_seen_subcommand_from approve' -l theme
complete -c certty -n '__fish_seen_subcommand_from approve' -l no-color
complete -c certty -n '__fish_seen_subcommand_from approve' -l ascii
complete -c certty -n '__fish_seen_subcommand_from approve' -l log-file
complete -c certty -n '__fish_seen_subcommand_from approve' -l log-level
complete -c certty -n '__fish_seen_subcommand_from approve' -l version
complete -c certty -n '__fish_seen_subcommand_from approve' -l help
complete -c certty -n __fish_use_subcommand -f -a deny -d 'Deny a request, with a reason'
complete -c certty -n '__fish_seen_subcommand_from deny' -l reason
complete -c certty -n '__fish_seen_subcommand_from deny' -l output
complete -c certty -n '__fish_seen_subcommand_from deny' -l filter
complete -c certty -n '__fish_seen_subcommand_from deny' -l account
complete -c certty -n '__fish_seen_subcommand_from deny' -l yes
complete -c certty -n '__fish_seen_subcommand_from deny' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from deny' -l offline
complete -c certty -n '__fish_seen_subcommand_from deny' -l read-only
complete -c certty -n '__fish_seen_subcommand_from deny' -l readonly
complete -c certty -n '__fish_seen_subcommand_from deny' -l config
complete -c certty -n '__fish_seen_subcommand_from deny' -l state
complete -c certty -n '__fish_seen_subcommand_from deny' -l refresh
complete -c certty -n '__fish_seen_subcommand_from deny' -l theme
complete -c certty -n '__fish_seen_subcommand_from deny' -l no-color
complete -c certty -n '__fish_seen_subcommand_from deny' -l ascii
complete -c certty -n '__fish_seen_subcommand_from deny' -l log-file
complete -c certty -n '__fish_seen_subcommand_from deny' -l log-level
complete -c certty -n '__fish_seen_subcommand_from deny' -l version
complete -c certty -n '__fish_seen_subcommand_from deny' -l help
complete -c certty -n __fish_use_subcommand -f -a passphrase -d 'Keep or forget the passphrase of a store'
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l forget
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l output
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l yes
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l offline
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l read-only
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l readonly
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l config
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l state
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l refresh
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l theme
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l no-color
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l ascii
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l log-file
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l log-level
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l version
complete -c certty -n '__fish_seen_subcommand_from passphrase' -l help
complete -c certty -n __fish_use_subcommand -f -a unlock -d 'Unlock the keyring or the file that secrets are kept in'
complete -c certty -n '__fish_seen_subcommand_from unlock' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from unlock' -l what
complete -c certty -n '__fish_seen_subcommand_from unlock' -l output
complete -c certty -n '__fish_seen_subcommand_from unlock' -l yes
complete -c certty -n '__fish_seen_subcommand_from unlock' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from unlock' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from unlock' -l offline
complete -c certty -n '__fish_seen_subcommand_from unlock' -l read-only
complete -c certty -n '__fish_seen_subcommand_from unlock' -l readonly
complete -c certty -n '__fish_seen_subcommand_from unlock' -l config
complete -c certty -n '__fish_seen_subcommand_from unlock' -l state
complete -c certty -n '__fish_seen_subcommand_from unlock' -l refresh
complete -c certty -n '__fish_seen_subcommand_from unlock' -l theme
complete -c certty -n '__fish_seen_subcommand_from unlock' -l no-color
complete -c certty -n '__fish_seen_subcommand_from unlock' -l ascii
complete -c certty -n '__fish_seen_subcommand_from unlock' -l log-file
complete -c certty -n '__fish_seen_subcommand_from unlock' -l log-level
complete -c certty -n '__fish_seen_subcommand_from unlock' -l version
complete -c certty -n '__fish_seen_subcommand_from unlock' -l help
complete -c certty -n __fish_use_subcommand -f -a notify -d 'Send the notices that are due, each once'
complete -c certty -n '__fish_seen_subcommand_from notify' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from notify' -l output
complete -c certty -n '__fish_seen_subcommand_from notify' -l offline
complete -c certty -n '__fish_seen_subcommand_from notify' -l read-only
complete -c certty -n '__fish_seen_subcommand_from notify' -l readonly
complete -c certty -n '__fish_seen_subcommand_from notify' -l config
complete -c certty -n '__fish_seen_subcommand_from notify' -l state
complete -c certty -n '__fish_seen_subcommand_from notify' -l refresh
complete -c certty -n '__fish_seen_subcommand_from notify' -l theme
complete -c certty -n '__fish_seen_subcommand_from notify' -l no-color
complete -c certty -n '__fish_seen_subcommand_from notify' -l ascii
complete -c certty -n '__fish_seen_subcommand_from notify' -l log-file
complete -c certty -n '__fish_seen_subcommand_from notify' -l log-level
complete -c certty -n '__fish_seen_subcommand_from notify' -l version
complete -c certty -n '__fish_seen_subcommand_from notify' -l help
complete -c certty -n __fish_use_subcommand -f -a cancel -d 'Stop a job'
complete -c certty -n '__fish_seen_subcommand_from cancel' -l output
complete -c certty -n '__fish_seen_subcommand_from cancel' -l filter
complete -c certty -n '__fish_seen_subcommand_from cancel' -l account
complete -c certty -n '__fish_seen_subcommand_from cancel' -l offline
complete -c certty -n '__fish_seen_subcommand_from cancel' -l read-only
complete -c certty -n '__fish_seen_subcommand_from cancel' -l readonly
complete -c certty -n '__fish_seen_subcommand_from cancel' -l config
complete -c certty -n '__fish_seen_subcommand_from cancel' -l state
complete -c certty -n '__fish_seen_subcommand_from cancel' -l refresh
complete -c certty -n '__fish_seen_subcommand_from cancel' -l theme
complete -c certty -n '__fish_seen_subcommand_from cancel' -l no-color
complete -c certty -n '__fish_seen_subcommand_from cancel' -l ascii
complete -c certty -n '__fish_seen_subcommand_from cancel' -l log-file
complete -c certty -n '__fish_seen_subcommand_from cancel' -l log-level
complete -c certty -n '__fish_seen_subcommand_from cancel' -l version
complete -c certty -n '__fish_seen_subcommand_from cancel' -l help
complete -c certty -n __fish_use_subcommand -f -a account-add -d 'Add an account, and keep its secrets'
complete -c certty -n '__fish_seen_subcommand_from account-add' -l provider
complete -c certty -n '__fish_seen_subcommand_from account-add' -l name
complete -c certty -n '__fish_seen_subcommand_from account-add' -l title
complete -c certty -n '__fish_seen_subcommand_from account-add' -l keep
complete -c certty -n '__fish_seen_subcommand_from account-add' -l untested
complete -c certty -n '__fish_seen_subcommand_from account-add' -l only-test
complete -c certty -n '__fish_seen_subcommand_from account-add' -l read
complete -c certty -n '__fish_seen_subcommand_from account-add' -l remove-file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l code-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l from
complete -c certty -n '__fish_seen_subcommand_from account-add' -l file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l section
complete -c certty -n '__fish_seen_subcommand_from account-add' -l host
complete -c certty -n '__fish_seen_subcommand_from account-add' -l client-token
complete -c certty -n '__fish_seen_subcommand_from account-add' -l client-secret-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l client-secret-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l access-token
complete -c certty -n '__fish_seen_subcommand_from account-add' -l account-switch-key
complete -c certty -n '__fish_seen_subcommand_from account-add' -l contract
complete -c certty -n '__fish_seen_subcommand_from account-add' -l access-key
complete -c certty -n '__fish_seen_subcommand_from account-add' -l secret-key-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l secret-key-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l session-token-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l session-token-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l profile
complete -c certty -n '__fish_seen_subcommand_from account-add' -l config-file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l credentials-file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l token-file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l container-uri
complete -c certty -n '__fish_seen_subcommand_from account-add' -l metadata-endpoint
complete -c certty -n '__fish_seen_subcommand_from account-add' -l role
complete -c certty -n '__fish_seen_subcommand_from account-add' -l external-id
complete -c certty -n '__fish_seen_subcommand_from account-add' -l mfa-serial
complete -c certty -n '__fish_seen_subcommand_from account-add' -l session-name
complete -c certty -n '__fish_seen_subcommand_from account-add' -l duration
complete -c certty -n '__fish_seen_subcommand_from account-add' -l regions
complete -c certty -n '__fish_seen_subcommand_from account-add' -l partition
complete -c certty -n '__fish_seen_subcommand_from account-add' -l fips
complete -c certty -n '__fish_seen_subcommand_from account-add' -l dual-stack
complete -c certty -n '__fish_seen_subcommand_from account-add' -l endpoint
complete -c certty -n '__fish_seen_subcommand_from account-add' -l endpoints
complete -c certty -n '__fish_seen_subcommand_from account-add' -l rates
complete -c certty -n '__fish_seen_subcommand_from account-add' -l tenant
complete -c certty -n '__fish_seen_subcommand_from account-add' -l client-id
complete -c certty -n '__fish_seen_subcommand_from account-add' -l certificate-file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l certificate-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l certificate-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l certificate-passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l certificate-passphrase-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l identity
complete -c certty -n '__fish_seen_subcommand_from account-add' -l identity-endpoint
complete -c certty -n '__fish_seen_subcommand_from account-add' -l login-tenant
complete -c certty -n '__fish_seen_subcommand_from account-add' -l cloud
complete -c certty -n '__fish_seen_subcommand_from account-add' -l authority
complete -c certty -n '__fish_seen_subcommand_from account-add' -l arm
complete -c certty -n '__fish_seen_subcommand_from account-add' -l arm-audience
complete -c certty -n '__fish_seen_subcommand_from account-add' -l vault-suffix
complete -c certty -n '__fish_seen_subcommand_from account-add' -l vault-audience
complete -c certty -n '__fish_seen_subcommand_from account-add' -l subscriptions
complete -c certty -n '__fish_seen_subcommand_from account-add' -l tenants
complete -c certty -n '__fish_seen_subcommand_from account-add' -l vaults
complete -c certty -n '__fish_seen_subcommand_from account-add' -l versions
complete -c certty -n '__fish_seen_subcommand_from account-add' -l deleted
complete -c certty -n '__fish_seen_subcommand_from account-add' -l auth
complete -c certty -n '__fish_seen_subcommand_from account-add' -l token-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l token-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l email
complete -c certty -n '__fish_seen_subcommand_from account-add' -l api-key-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l api-key-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l url
complete -c certty -n '__fish_seen_subcommand_from account-add' -l sso-key
complete -c certty -n '__fish_seen_subcommand_from account-add' -l sso-secret-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l sso-secret-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l api-path
complete -c certty -n '__fish_seen_subcommand_from account-add' -l user
complete -c certty -n '__fish_seen_subcommand_from account-add' -l domain
complete -c certty -n '__fish_seen_subcommand_from account-add' -l password-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l password-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l token-url
complete -c certty -n '__fish_seen_subcommand_from account-add' -l scopes
complete -c certty -n '__fish_seen_subcommand_from account-add' -l audience
complete -c certty -n '__fish_seen_subcommand_from account-add' -l client-auth
complete -c certty -n '__fish_seen_subcommand_from account-add' -l account-config
complete -c certty -n '__fish_seen_subcommand_from account-add' -l server
complete -c certty -n '__fish_seen_subcommand_from account-add' -l query
complete -c certty -n '__fish_seen_subcommand_from account-add' -l key-name
complete -c certty -n '__fish_seen_subcommand_from account-add' -l algorithm
complete -c certty -n '__fish_seen_subcommand_from account-add' -l secret-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l secret-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l tsig-file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l zones
complete -c certty -n '__fish_seen_subcommand_from account-add' -l sign-in
complete -c certty -n '__fish_seen_subcommand_from account-add' -l login
complete -c certty -n '__fish_seen_subcommand_from account-add' -l customer-uri
complete -c certty -n '__fish_seen_subcommand_from account-add' -l instance
complete -c certty -n '__fish_seen_subcommand_from account-add' -l address
complete -c certty -n '__fish_seen_subcommand_from account-add' -l namespace
complete -c certty -n '__fish_seen_subcommand_from account-add' -l mount
complete -c certty -n '__fish_seen_subcommand_from account-add' -l role-id
complete -c certty -n '__fish_seen_subcommand_from account-add' -l secret-id-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l secret-id-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l wrapped
complete -c certty -n '__fish_seen_subcommand_from account-add' -l jwt-fd
complete -c certty -n '__fish_seen_subcommand_from account-add' -l jwt-command
complete -c certty -n '__fish_seen_subcommand_from account-add' -l jwt-file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l tool
complete -c certty -n '__fish_seen_subcommand_from account-add' -l account-read-only
complete -c certty -n '__fish_seen_subcommand_from account-add' -l renew
complete -c certty -n '__fish_seen_subcommand_from account-add' -l defaults
complete -c certty -n '__fish_seen_subcommand_from account-add' -l proxy
complete -c certty -n '__fish_seen_subcommand_from account-add' -l ca-file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l ca-folder
complete -c certty -n '__fish_seen_subcommand_from account-add' -l tls-name
complete -c certty -n '__fish_seen_subcommand_from account-add' -l cert-file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l key-file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l at-once
complete -c certty -n '__fish_seen_subcommand_from account-add' -l output
complete -c certty -n '__fish_seen_subcommand_from account-add' -l yes
complete -c certty -n '__fish_seen_subcommand_from account-add' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from account-add' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from account-add' -l paste
complete -c certty -n '__fish_seen_subcommand_from account-add' -l offline
complete -c certty -n '__fish_seen_subcommand_from account-add' -l read-only
complete -c certty -n '__fish_seen_subcommand_from account-add' -l readonly
complete -c certty -n '__fish_seen_subcommand_from account-add' -l config
complete -c certty -n '__fish_seen_subcommand_from account-add' -l state
complete -c certty -n '__fish_seen_subcommand_from account-add' -l refresh
complete -c certty -n '__fish_seen_subcommand_from account-add' -l theme
complete -c certty -n '__fish_seen_subcommand_from account-add' -l no-color
complete -c certty -n '__fish_seen_subcommand_from account-add' -l ascii
complete -c certty -n '__fish_seen_subcommand_from account-add' -l log-file
complete -c certty -n '__fish_seen_subcommand_from account-add' -l log-level
complete -c certty -n '__fish_seen_subcommand_from account-add' -l version
complete -c certty -n '__fish_seen_subcommand_from account-add' -l help
complete -c certty -n __fish_use_subcommand -f -a account-edit -d 'Change an account'\''s answers, or where its secrets are kept'
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l title
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l keep
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l untested
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l code-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l from
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l file
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l section
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l host
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l client-token
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l client-secret-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l client-secret-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l access-token
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l account-switch-key
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l contract
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l access-key
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l secret-key-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l secret-key-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l session-token-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l session-token-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l profile
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l config-file
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l credentials-file
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l token-file
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l container-uri
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l metadata-endpoint
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l role
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l external-id
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l mfa-serial
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l session-name
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l duration
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l regions
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l partition
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l fips
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l dual-stack
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l endpoint
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l endpoints
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l rates
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l tenant
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l client-id
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l certificate-file
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l certificate-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l certificate-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l certificate-passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l certificate-passphrase-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l identity
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l identity-endpoint
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l login-tenant
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l cloud
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l authority
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l arm
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l arm-audience
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l vault-suffix
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l vault-audience
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l subscriptions
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l tenants
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l vaults
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l versions
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l deleted
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l auth
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l token-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l token-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l email
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l api-key-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l api-key-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l url
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l sso-key
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l sso-secret-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l sso-secret-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l api-path
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l user
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l domain
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l password-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l password-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l token-url
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l scopes
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l audience
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l client-auth
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l account-config
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l server
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l query
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l key-name
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l algorithm
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l secret-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l secret-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l tsig-file
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l zones
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l sign-in
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l login
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l customer-uri
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l instance
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l address
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l namespace
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l mount
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l role-id
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l secret-id-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l secret-id-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l wrapped
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l jwt-fd
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l jwt-command
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l jwt-file
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l tool
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l account-read-only
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l renew
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l defaults
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l proxy
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l ca-file
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l ca-folder
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l tls-name
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l cert-file
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l key-file
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l at-once
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l output
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l yes
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l offline
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l read-only
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l readonly
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l config
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l state
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l refresh
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l theme
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l no-color
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l ascii
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l log-file
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l log-level
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l version
complete -c certty -n '__fish_seen_subcommand_from account-edit' -l help
complete -c certty -n __fish_use_subcommand -f -a account-test -d 'Sign in, and ask the server who we are'
complete -c certty -n '__fish_seen_subcommand_from account-test' -l code-fd
complete -c certty -n '__fish_seen_subcommand_from account-test' -l output
complete -c certty -n '__fish_seen_subcommand_from account-test' -l filter
complete -c certty -n '__fish_seen_subcommand_from account-test' -l account
complete -c certty -n '__fish_seen_subcommand_from account-test' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from account-test' -l offline
complete -c certty -n '__fish_seen_subcommand_from account-test' -l read-only
complete -c certty -n '__fish_seen_subcommand_from account-test' -l readonly
complete -c certty -n '__fish_seen_subcommand_from account-test' -l config
complete -c certty -n '__fish_seen_subcommand_from account-test' -l state
complete -c certty -n '__fish_seen_subcommand_from account-test' -l refresh
complete -c certty -n '__fish_seen_subcommand_from account-test' -l theme
complete -c certty -n '__fish_seen_subcommand_from account-test' -l no-color
complete -c certty -n '__fish_seen_subcommand_from account-test' -l ascii
complete -c certty -n '__fish_seen_subcommand_from account-test' -l log-file
complete -c certty -n '__fish_seen_subcommand_from account-test' -l log-level
complete -c certty -n '__fish_seen_subcommand_from account-test' -l version
complete -c certty -n '__fish_seen_subcommand_from account-test' -l help
complete -c certty -n __fish_use_subcommand -f -a account-rotate -d 'Replace an account'\''s secrets; the old ones go when the new ones work'
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l untested
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l code-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l from
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l file
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l section
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l host
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l client-token
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l client-secret-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l client-secret-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l access-token
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l account-switch-key
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l contract
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l access-key
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l secret-key-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l secret-key-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l session-token-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l session-token-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l profile
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l config-file
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l credentials-file
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l token-file
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l container-uri
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l metadata-endpoint
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l role
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l external-id
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l mfa-serial
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l session-name
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l duration
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l regions
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l partition
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l fips
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l dual-stack
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l endpoint
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l endpoints
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l rates
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l tenant
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l client-id
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l certificate-file
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l certificate-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l certificate-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l certificate-passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l certificate-passphrase-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l identity
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l identity-endpoint
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l login-tenant
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l cloud
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l authority
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l arm
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l arm-audience
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l vault-suffix
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l vault-audience
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l subscriptions
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l tenants
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l vaults
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l versions
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l deleted
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l auth
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l token-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l token-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l email
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l api-key-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l api-key-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l url
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l sso-key
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l sso-secret-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l sso-secret-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l api-path
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l user
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l domain
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l password-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l password-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l token-url
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l scopes
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l audience
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l client-auth
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l account-config
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l server
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l query
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l key-name
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l algorithm
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l secret-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l secret-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l tsig-file
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l zones
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l sign-in
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l login
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l customer-uri
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l instance
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l address
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l namespace
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l mount
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l role-id
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l secret-id-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l secret-id-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l wrapped
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l jwt-fd
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l jwt-command
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l jwt-file
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l tool
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l account-read-only
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l renew
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l defaults
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l proxy
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l ca-file
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l ca-folder
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l tls-name
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l cert-file
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l key-file
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l at-once
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l output
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l yes
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l offline
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l read-only
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l readonly
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l config
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l state
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l refresh
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l theme
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l no-color
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l ascii
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l log-file
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l log-level
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l version
complete -c certty -n '__fish_seen_subcommand_from account-rotate' -l help
complete -c certty -n __fish_use_subcommand -f -a account-rename -d 'Give an account another name'
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l name
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l output
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l yes
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l offline
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l read-only
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l readonly
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l config
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l state
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l refresh
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l theme
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l no-color
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l ascii
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l log-file
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l log-level
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l version
complete -c certty -n '__fish_seen_subcommand_from account-rename' -l help
complete -c certty -n __fish_use_subcommand -f -a account-disable -d 'Leave accounts alone until they are enabled again'
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l output
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l filter
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l account
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l yes
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l offline
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l read-only
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l readonly
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l config
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l state
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l refresh
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l theme
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l no-color
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l ascii
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l log-file
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l log-level
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l version
complete -c certty -n '__fish_seen_subcommand_from account-disable' -l help
complete -c certty -n __fish_use_subcommand -f -a account-enable -d 'Use accounts again that were disabled'
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l output
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l filter
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l account
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l yes
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l offline
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l read-only
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l readonly
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l config
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l state
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l refresh
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l theme
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l no-color
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l ascii
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l log-file
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l log-level
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l version
complete -c certty -n '__fish_seen_subcommand_from account-enable' -l help
complete -c certty -n __fish_use_subcommand -f -a account-drop -d 'Forget accounts, their secrets and what is known of their stores'
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l output
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l filter
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l account
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l yes
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l offline
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l read-only
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l readonly
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l config
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l state
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l refresh
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l theme
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l no-color
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l ascii
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l log-file
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l log-level
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l version
complete -c certty -n '__fish_seen_subcommand_from account-drop' -l help
complete -c certty -n __fish_use_subcommand -f -a account-rule -d 'Say what an account approves by itself, under a rule, or that it does not'
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l approve
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l approve-types
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l approve-stores
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l approve-names
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l approve-profile
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l approve-validity
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l approve-warnings
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l output
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l yes
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l offline
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l read-only
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l readonly
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l config
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l state
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l refresh
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l theme
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l no-color
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l ascii
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l log-file
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l log-level
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l version
complete -c certty -n '__fish_seen_subcommand_from account-rule' -l help
complete -c certty -n __fish_use_subcommand -f -a account-stores -d 'Look for the stores that accounts have'
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l output
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l filter
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l account
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l offline
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l read-only
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l readonly
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l config
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l state
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l refresh
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l theme
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l no-color
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l ascii
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l log-file
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l log-level
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l version
complete -c certty -n '__fish_seen_subcommand_from account-stores' -l help
complete -c certty -n __fish_use_subcommand -f -a order -d 'Order a certificate from the service behind a store'
complete -c certty -n '__fish_seen_subcommand_from order' -l names
complete -c certty -n '__fish_seen_subcommand_from order' -l ca
complete -c certty -n '__fish_seen_subcommand_from order' -l validation
complete -c certty -n '__fish_seen_subcommand_from order' -l validation-domain
complete -c certty -n '__fish_seen_subcommand_from order' -l key
complete -c certty -n '__fish_seen_subcommand_from order' -l exportable
complete -c certty -n '__fish_seen_subcommand_from order' -l tags
complete -c certty -n '__fish_seen_subcommand_from order' -l csr
complete -c certty -n '__fish_seen_subcommand_from order' -l profile
complete -c certty -n '__fish_seen_subcommand_from order' -l validity
complete -c certty -n '__fish_seen_subcommand_from order' -l issuer
complete -c certty -n '__fish_seen_subcommand_from order' -l name
complete -c certty -n '__fish_seen_subcommand_from order' -l subject
complete -c certty -n '__fish_seen_subcommand_from order' -l months
complete -c certty -n '__fish_seen_subcommand_from order' -l format
complete -c certty -n '__fish_seen_subcommand_from order' -l replace
complete -c certty -n '__fish_seen_subcommand_from order' -l new-passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from order' -l template
complete -c certty -n '__fish_seen_subcommand_from order' -l sans
complete -c certty -n '__fish_seen_subcommand_from order' -l metadata
complete -c certty -n '__fish_seen_subcommand_from order' -l organization
complete -c certty -n '__fish_seen_subcommand_from order' -l term
complete -c certty -n '__fish_seen_subcommand_from order' -l requester
complete -c certty -n '__fish_seen_subcommand_from order' -l comments
complete -c certty -n '__fish_seen_subcommand_from order' -l fields
complete -c certty -n '__fish_seen_subcommand_from order' -l insist
complete -c certty -n '__fish_seen_subcommand_from order' -l role
complete -c certty -n '__fish_seen_subcommand_from order' -l ttl
complete -c certty -n '__fish_seen_subcommand_from order' -l key-file
complete -c certty -n '__fish_seen_subcommand_from order' -l verbatim
complete -c certty -n '__fish_seen_subcommand_from order' -l accept
complete -c certty -n '__fish_seen_subcommand_from order' -l output
complete -c certty -n '__fish_seen_subcommand_from order' -l yes
complete -c certty -n '__fish_seen_subcommand_from order' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from order' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from order' -l offline
complete -c certty -n '__fish_seen_subcommand_from order' -l read-only
complete -c certty -n '__fish_seen_subcommand_from order' -l readonly
complete -c certty -n '__fish_seen_subcommand_from order' -l config
complete -c certty -n '__fish_seen_subcommand_from order' -l state
complete -c certty -n '__fish_seen_subcommand_from order' -l refresh
complete -c certty -n '__fish_seen_subcommand_from order' -l theme
complete -c certty -n '__fish_seen_subcommand_from order' -l no-color
complete -c certty -n '__fish_seen_subcommand_from order' -l ascii
complete -c certty -n '__fish_seen_subcommand_from order' -l log-file
complete -c certty -n '__fish_seen_subcommand_from order' -l log-level
complete -c certty -n '__fish_seen_subcommand_from order' -l version
complete -c certty -n '__fish_seen_subcommand_from order' -l help
complete -c certty -n __fish_use_subcommand -f -a sync -d 'Ask again how requests stand, and look for their records in DNS'
complete -c certty -n '__fish_seen_subcommand_from sync' -l output
complete -c certty -n '__fish_seen_subcommand_from sync' -l filter
complete -c certty -n '__fish_seen_subcommand_from sync' -l account
complete -c certty -n '__fish_seen_subcommand_from sync' -l offline
complete -c certty -n '__fish_seen_subcommand_from sync' -l read-only
complete -c certty -n '__fish_seen_subcommand_from sync' -l readonly
complete -c certty -n '__fish_seen_subcommand_from sync' -l config
complete -c certty -n '__fish_seen_subcommand_from sync' -l state
complete -c certty -n '__fish_seen_subcommand_from sync' -l refresh
complete -c certty -n '__fish_seen_subcommand_from sync' -l theme
complete -c certty -n '__fish_seen_subcommand_from sync' -l no-color
complete -c certty -n '__fish_seen_subcommand_from sync' -l ascii
complete -c certty -n '__fish_seen_subcommand_from sync' -l log-file
complete -c certty -n '__fish_seen_subcommand_from sync' -l log-level
complete -c certty -n '__fish_seen_subcommand_from sync' -l version
complete -c certty -n '__fish_seen_subcommand_from sync' -l help
complete -c certty -n __fish_use_subcommand -f -a publish -d 'Put the DNS records that requests wait for into their zones'
complete -c certty -n '__fish_seen_subcommand_from publish' -l output
complete -c certty -n '__fish_seen_subcommand_from publish' -l filter
complete -c certty -n '__fish_seen_subcommand_from publish' -l account
complete -c certty -n '__fish_seen_subcommand_from publish' -l yes
complete -c certty -n '__fish_seen_subcommand_from publish' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from publish' -l offline
complete -c certty -n '__fish_seen_subcommand_from publish' -l read-only
complete -c certty -n '__fish_seen_subcommand_from publish' -l readonly
complete -c certty -n '__fish_seen_subcommand_from publish' -l config
complete -c certty -n '__fish_seen_subcommand_from publish' -l state
complete -c certty -n '__fish_seen_subcommand_from publish' -l refresh
complete -c certty -n '__fish_seen_subcommand_from publish' -l theme
complete -c certty -n '__fish_seen_subcommand_from publish' -l no-color
complete -c certty -n '__fish_seen_subcommand_from publish' -l ascii
complete -c certty -n '__fish_seen_subcommand_from publish' -l log-file
complete -c certty -n '__fish_seen_subcommand_from publish' -l log-level
complete -c certty -n '__fish_seen_subcommand_from publish' -l version
complete -c certty -n '__fish_seen_subcommand_from publish' -l help
complete -c certty -n __fish_use_subcommand -f -a unpublish -d 'Take DNS records of ended requests out of their zones, if certty put them there'
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l output
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l filter
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l account
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l yes
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l offline
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l read-only
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l readonly
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l config
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l state
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l refresh
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l theme
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l no-color
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l ascii
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l log-file
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l log-level
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l version
complete -c certty -n '__fish_seen_subcommand_from unpublish' -l help
complete -c certty -n __fish_use_subcommand -f -a resend -d 'Send the validation mails of requests again'
complete -c certty -n '__fish_seen_subcommand_from resend' -l names
complete -c certty -n '__fish_seen_subcommand_from resend' -l domain
complete -c certty -n '__fish_seen_subcommand_from resend' -l output
complete -c certty -n '__fish_seen_subcommand_from resend' -l filter
complete -c certty -n '__fish_seen_subcommand_from resend' -l account
complete -c certty -n '__fish_seen_subcommand_from resend' -l yes
complete -c certty -n '__fish_seen_subcommand_from resend' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from resend' -l offline
complete -c certty -n '__fish_seen_subcommand_from resend' -l read-only
complete -c certty -n '__fish_seen_subcommand_from resend' -l readonly
complete -c certty -n '__fish_seen_subcommand_from resend' -l config
complete -c certty -n '__fish_seen_subcommand_from resend' -l state
complete -c certty -n '__fish_seen_subcommand_from resend' -l refresh
complete -c certty -n '__fish_seen_subcommand_from resend' -l theme
complete -c certty -n '__fish_seen_subcommand_from resend' -l no-color
complete -c certty -n '__fish_seen_subcommand_from resend' -l ascii
complete -c certty -n '__fish_seen_subcommand_from resend' -l log-file
complete -c certty -n '__fish_seen_subcommand_from resend' -l log-level
complete -c certty -n '__fish_seen_subcommand_from resend' -l version
complete -c certty -n '__fish_seen_subcommand_from resend' -l help
complete -c certty -n __fish_use_subcommand -f -a withdraw -d 'Withdraw requests where they were made'
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l output
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l filter
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l account
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l yes
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l offline
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l read-only
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l readonly
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l config
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l state
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l refresh
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l theme
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l no-color
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l ascii
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l log-file
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l log-level
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l version
complete -c certty -n '__fish_seen_subcommand_from withdraw' -l help
complete -c certty -n __fish_use_subcommand -f -a dismiss -d 'Forget requests here; nothing is touched where they were made'
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l output
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l filter
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l account
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l yes
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l offline
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l read-only
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l readonly
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l config
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l state
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l refresh
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l theme
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l no-color
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l ascii
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l log-file
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l log-level
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l version
complete -c certty -n '__fish_seen_subcommand_from dismiss' -l help
complete -c certty -n __fish_use_subcommand -f -a deploy -d 'Put a certificate with its key into other stores'
complete -c certty -n '__fish_seen_subcommand_from deploy' -l to
complete -c certty -n '__fish_seen_subcommand_from deploy' -l from
complete -c certty -n '__fish_seen_subcommand_from deploy' -l charge
complete -c certty -n '__fish_seen_subcommand_from deploy' -l replace
complete -c certty -n '__fish_seen_subcommand_from deploy' -l redeploy
complete -c certty -n '__fish_seen_subcommand_from deploy' -l name
complete -c certty -n '__fish_seen_subcommand_from deploy' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from deploy' -l output
complete -c certty -n '__fish_seen_subcommand_from deploy' -l yes
complete -c certty -n '__fish_seen_subcommand_from deploy' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from deploy' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from deploy' -l offline
complete -c certty -n '__fish_seen_subcommand_from deploy' -l read-only
complete -c certty -n '__fish_seen_subcommand_from deploy' -l readonly
complete -c certty -n '__fish_seen_subcommand_from deploy' -l config
complete -c certty -n '__fish_seen_subcommand_from deploy' -l state
complete -c certty -n '__fish_seen_subcommand_from deploy' -l refresh
complete -c certty -n '__fish_seen_subcommand_from deploy' -l theme
complete -c certty -n '__fish_seen_subcommand_from deploy' -l no-color
complete -c certty -n '__fish_seen_subcommand_from deploy' -l ascii
complete -c certty -n '__fish_seen_subcommand_from deploy' -l log-file
complete -c certty -n '__fish_seen_subcommand_from deploy' -l log-level
complete -c certty -n '__fish_seen_subcommand_from deploy' -l version
complete -c certty -n '__fish_seen_subcommand_from deploy' -l help
complete -c certty -n __fish_use_subcommand -f -a redeploy -d 'Deploy the newest certificate of the same names again'
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l output
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l filter
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l account
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l yes
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l offline
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l read-only
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l readonly
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l config
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l state
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l refresh
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l theme
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l no-color
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l ascii
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l log-file
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l log-level
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l version
complete -c certty -n '__fish_seen_subcommand_from redeploy' -l help
complete -c certty -n __fish_use_subcommand -f -a deploy-mode -d 'Say what happens to deployments when a certificate is renewed'
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l redeploy
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l output
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l filter
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l account
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l yes
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l offline
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l read-only
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l readonly
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l config
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l state
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l refresh
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l theme
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l no-color
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l ascii
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l log-file
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l log-level
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l version
complete -c certty -n '__fish_seen_subcommand_from deploy-mode' -l help
complete -c certty -n __fish_use_subcommand -f -a deploy-drop -d 'Forget deployments; nothing is touched where they are'
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l output
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l filter
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l account
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l yes
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l offline
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l read-only
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l readonly
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l config
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l state
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l refresh
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l theme
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l no-color
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l ascii
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l log-file
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l log-level
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l version
complete -c certty -n '__fish_seen_subcommand_from deploy-drop' -l help
complete -c certty -n __fish_use_subcommand -f -a renew -d 'Have certificates renewed by the service or the CA that issued them'
complete -c certty -n '__fish_seen_subcommand_from renew' -l charge
complete -c certty -n '__fish_seen_subcommand_from renew' -l accept
complete -c certty -n '__fish_seen_subcommand_from renew' -l store
complete -c certty -n '__fish_seen_subcommand_from renew' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from renew' -l new-passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from renew' -l issuer
complete -c certty -n '__fish_seen_subcommand_from renew' -l issuer-answers
complete -c certty -n '__fish_seen_subcommand_from renew' -l output
complete -c certty -n '__fish_seen_subcommand_from renew' -l filter
complete -c certty -n '__fish_seen_subcommand_from renew' -l account
complete -c certty -n '__fish_seen_subcommand_from renew' -l yes
complete -c certty -n '__fish_seen_subcommand_from renew' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from renew' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from renew' -l offline
complete -c certty -n '__fish_seen_subcommand_from renew' -l read-only
complete -c certty -n '__fish_seen_subcommand_from renew' -l readonly
complete -c certty -n '__fish_seen_subcommand_from renew' -l config
complete -c certty -n '__fish_seen_subcommand_from renew' -l state
complete -c certty -n '__fish_seen_subcommand_from renew' -l refresh
complete -c certty -n '__fish_seen_subcommand_from renew' -l theme
complete -c certty -n '__fish_seen_subcommand_from renew' -l no-color
complete -c certty -n '__fish_seen_subcommand_from renew' -l ascii
complete -c certty -n '__fish_seen_subcommand_from renew' -l log-file
complete -c certty -n '__fish_seen_subcommand_from renew' -l log-level
complete -c certty -n '__fish_seen_subcommand_from renew' -l version
complete -c certty -n '__fish_seen_subcommand_from renew' -l help
complete -c certty -n __fish_use_subcommand -f -a revoke -d 'Revoke certificates, which cannot be undone'
complete -c certty -n '__fish_seen_subcommand_from revoke' -l reason
complete -c certty -n '__fish_seen_subcommand_from revoke' -l comment
complete -c certty -n '__fish_seen_subcommand_from revoke' -l store
complete -c certty -n '__fish_seen_subcommand_from revoke' -l output
complete -c certty -n '__fish_seen_subcommand_from revoke' -l filter
complete -c certty -n '__fish_seen_subcommand_from revoke' -l account
complete -c certty -n '__fish_seen_subcommand_from revoke' -l yes
complete -c certty -n '__fish_seen_subcommand_from revoke' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from revoke' -l offline
complete -c certty -n '__fish_seen_subcommand_from revoke' -l read-only
complete -c certty -n '__fish_seen_subcommand_from revoke' -l readonly
complete -c certty -n '__fish_seen_subcommand_from revoke' -l config
complete -c certty -n '__fish_seen_subcommand_from revoke' -l state
complete -c certty -n '__fish_seen_subcommand_from revoke' -l refresh
complete -c certty -n '__fish_seen_subcommand_from revoke' -l theme
complete -c certty -n '__fish_seen_subcommand_from revoke' -l no-color
complete -c certty -n '__fish_seen_subcommand_from revoke' -l ascii
complete -c certty -n '__fish_seen_subcommand_from revoke' -l log-file
complete -c certty -n '__fish_seen_subcommand_from revoke' -l log-level
complete -c certty -n '__fish_seen_subcommand_from revoke' -l version
complete -c certty -n '__fish_seen_subcommand_from revoke' -l help
complete -c certty -n __fish_use_subcommand -f -a tag -d 'Set and remove the tags of certificates where they are'
complete -c certty -n '__fish_seen_subcommand_from tag' -l set
complete -c certty -n '__fish_seen_subcommand_from tag' -l remove
complete -c certty -n '__fish_seen_subcommand_from tag' -l store
complete -c certty -n '__fish_seen_subcommand_from tag' -l output
complete -c certty -n '__fish_seen_subcommand_from tag' -l filter
complete -c certty -n '__fish_seen_subcommand_from tag' -l account
complete -c certty -n '__fish_seen_subcommand_from tag' -l yes
complete -c certty -n '__fish_seen_subcommand_from tag' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from tag' -l offline
complete -c certty -n '__fish_seen_subcommand_from tag' -l read-only
complete -c certty -n '__fish_seen_subcommand_from tag' -l readonly
complete -c certty -n '__fish_seen_subcommand_from tag' -l config
complete -c certty -n '__fish_seen_subcommand_from tag' -l state
complete -c certty -n '__fish_seen_subcommand_from tag' -l refresh
complete -c certty -n '__fish_seen_subcommand_from tag' -l theme
complete -c certty -n '__fish_seen_subcommand_from tag' -l no-color
complete -c certty -n '__fish_seen_subcommand_from tag' -l ascii
complete -c certty -n '__fish_seen_subcommand_from tag' -l log-file
complete -c certty -n '__fish_seen_subcommand_from tag' -l log-level
complete -c certty -n '__fish_seen_subcommand_from tag' -l version
complete -c certty -n '__fish_seen_subcommand_from tag' -l help
complete -c certty -n __fish_use_subcommand -f -a forget -d 'Leave certificates out of the lists here; nothing is touched where they are'
complete -c certty -n '__fish_seen_subcommand_from forget' -l store
complete -c certty -n '__fish_seen_subcommand_from forget' -l back
complete -c certty -n '__fish_seen_subcommand_from forget' -l output
complete -c certty -n '__fish_seen_subcommand_from forget' -l filter
complete -c certty -n '__fish_seen_subcommand_from forget' -l account
complete -c certty -n '__fish_seen_subcommand_from forget' -l yes
complete -c certty -n '__fish_seen_subcommand_from forget' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from forget' -l offline
complete -c certty -n '__fish_seen_subcommand_from forget' -l read-only
complete -c certty -n '__fish_seen_subcommand_from forget' -l readonly
complete -c certty -n '__fish_seen_subcommand_from forget' -l config
complete -c certty -n '__fish_seen_subcommand_from forget' -l state
complete -c certty -n '__fish_seen_subcommand_from forget' -l refresh
complete -c certty -n '__fish_seen_subcommand_from forget' -l theme
complete -c certty -n '__fish_seen_subcommand_from forget' -l no-color
complete -c certty -n '__fish_seen_subcommand_from forget' -l ascii
complete -c certty -n '__fish_seen_subcommand_from forget' -l log-file
complete -c certty -n '__fish_seen_subcommand_from forget' -l log-level
complete -c certty -n '__fish_seen_subcommand_from forget' -l version
complete -c certty -n '__fish_seen_subcommand_from forget' -l help
complete -c certty -n __fish_use_subcommand -f -a run -d 'Do once what is due and needs no person, for a timer or cron'
complete -c certty -n '__fish_seen_subcommand_from run' -l due
complete -c certty -n '__fish_seen_subcommand_from run' -l for
complete -c certty -n '__fish_seen_subcommand_from run' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from run' -l output
complete -c certty -n '__fish_seen_subcommand_from run' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from run' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from run' -l offline
complete -c certty -n '__fish_seen_subcommand_from run' -l read-only
complete -c certty -n '__fish_seen_subcommand_from run' -l readonly
complete -c certty -n '__fish_seen_subcommand_from run' -l config
complete -c certty -n '__fish_seen_subcommand_from run' -l state
complete -c certty -n '__fish_seen_subcommand_from run' -l refresh
complete -c certty -n '__fish_seen_subcommand_from run' -l theme
complete -c certty -n '__fish_seen_subcommand_from run' -l no-color
complete -c certty -n '__fish_seen_subcommand_from run' -l ascii
complete -c certty -n '__fish_seen_subcommand_from run' -l log-file
complete -c certty -n '__fish_seen_subcommand_from run' -l log-level
complete -c certty -n '__fish_seen_subcommand_from run' -l version
complete -c certty -n '__fish_seen_subcommand_from run' -l help
complete -c certty -n __fish_use_subcommand -f -a countersign -d 'Countersign what another person asks for, as the second person'
complete -c certty -n '__fish_seen_subcommand_from countersign' -l digest
complete -c certty -n '__fish_seen_subcommand_from countersign' -l output
complete -c certty -n '__fish_seen_subcommand_from countersign' -l filter
complete -c certty -n '__fish_seen_subcommand_from countersign' -l account
complete -c certty -n '__fish_seen_subcommand_from countersign' -l yes
complete -c certty -n '__fish_seen_subcommand_from countersign' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from countersign' -l offline
complete -c certty -n '__fish_seen_subcommand_from countersign' -l read-only
complete -c certty -n '__fish_seen_subcommand_from countersign' -l readonly
complete -c certty -n '__fish_seen_subcommand_from countersign' -l config
complete -c certty -n '__fish_seen_subcommand_from countersign' -l state
complete -c certty -n '__fish_seen_subcommand_from countersign' -l refresh
complete -c certty -n '__fish_seen_subcommand_from countersign' -l theme
complete -c certty -n '__fish_seen_subcommand_from countersign' -l no-color
complete -c certty -n '__fish_seen_subcommand_from countersign' -l ascii
complete -c certty -n '__fish_seen_subcommand_from countersign' -l log-file
complete -c certty -n '__fish_seen_subcommand_from countersign' -l log-level
complete -c certty -n '__fish_seen_subcommand_from countersign' -l version
complete -c certty -n '__fish_seen_subcommand_from countersign' -l help
complete -c certty -n __fish_use_subcommand -f -a enroll -d 'Make a key here, have an issuer elsewhere sign it, then deploy and verify it'
complete -c certty -n '__fish_seen_subcommand_from enroll' -l names
complete -c certty -n '__fish_seen_subcommand_from enroll' -l issuer
complete -c certty -n '__fish_seen_subcommand_from enroll' -l csr-file
complete -c certty -n '__fish_seen_subcommand_from enroll' -l to
complete -c certty -n '__fish_seen_subcommand_from enroll' -l verify
complete -c certty -n '__fish_seen_subcommand_from enroll' -l kind
complete -c certty -n '__fish_seen_subcommand_from enroll' -l subject
complete -c certty -n '__fish_seen_subcommand_from enroll' -l key-in
complete -c certty -n '__fish_seen_subcommand_from enroll' -l key-profile
complete -c certty -n '__fish_seen_subcommand_from enroll' -l key-answers
complete -c certty -n '__fish_seen_subcommand_from enroll' -l key-of
complete -c certty -n '__fish_seen_subcommand_from enroll' -l redeploy
complete -c certty -n '__fish_seen_subcommand_from enroll' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from enroll' -l plain
complete -c certty -n '__fish_seen_subcommand_from enroll' -l profile
complete -c certty -n '__fish_seen_subcommand_from enroll' -l validity
complete -c certty -n '__fish_seen_subcommand_from enroll' -l template
complete -c certty -n '__fish_seen_subcommand_from enroll' -l ca
complete -c certty -n '__fish_seen_subcommand_from enroll' -l metadata
complete -c certty -n '__fish_seen_subcommand_from enroll' -l organization
complete -c certty -n '__fish_seen_subcommand_from enroll' -l term
complete -c certty -n '__fish_seen_subcommand_from enroll' -l requester
complete -c certty -n '__fish_seen_subcommand_from enroll' -l comments
complete -c certty -n '__fish_seen_subcommand_from enroll' -l fields
complete -c certty -n '__fish_seen_subcommand_from enroll' -l insist
complete -c certty -n '__fish_seen_subcommand_from enroll' -l role
complete -c certty -n '__fish_seen_subcommand_from enroll' -l output
complete -c certty -n '__fish_seen_subcommand_from enroll' -l yes
complete -c certty -n '__fish_seen_subcommand_from enroll' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from enroll' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from enroll' -l offline
complete -c certty -n '__fish_seen_subcommand_from enroll' -l read-only
complete -c certty -n '__fish_seen_subcommand_from enroll' -l readonly
complete -c certty -n '__fish_seen_subcommand_from enroll' -l config
complete -c certty -n '__fish_seen_subcommand_from enroll' -l state
complete -c certty -n '__fish_seen_subcommand_from enroll' -l refresh
complete -c certty -n '__fish_seen_subcommand_from enroll' -l theme
complete -c certty -n '__fish_seen_subcommand_from enroll' -l no-color
complete -c certty -n '__fish_seen_subcommand_from enroll' -l ascii
complete -c certty -n '__fish_seen_subcommand_from enroll' -l log-file
complete -c certty -n '__fish_seen_subcommand_from enroll' -l log-level
complete -c certty -n '__fish_seen_subcommand_from enroll' -l version
complete -c certty -n '__fish_seen_subcommand_from enroll' -l help
complete -c certty -n __fish_use_subcommand -f -a supply -d 'Bring in what an issuer elsewhere has signed for a request'
complete -c certty -n '__fish_seen_subcommand_from supply' -l file
complete -c certty -n '__fish_seen_subcommand_from supply' -l passphrase-fd
complete -c certty -n '__fish_seen_subcommand_from supply' -l output
complete -c certty -n '__fish_seen_subcommand_from supply' -l yes
complete -c certty -n '__fish_seen_subcommand_from supply' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from supply' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from supply' -l offline
complete -c certty -n '__fish_seen_subcommand_from supply' -l read-only
complete -c certty -n '__fish_seen_subcommand_from supply' -l readonly
complete -c certty -n '__fish_seen_subcommand_from supply' -l config
complete -c certty -n '__fish_seen_subcommand_from supply' -l state
complete -c certty -n '__fish_seen_subcommand_from supply' -l refresh
complete -c certty -n '__fish_seen_subcommand_from supply' -l theme
complete -c certty -n '__fish_seen_subcommand_from supply' -l no-color
complete -c certty -n '__fish_seen_subcommand_from supply' -l ascii
complete -c certty -n '__fish_seen_subcommand_from supply' -l log-file
complete -c certty -n '__fish_seen_subcommand_from supply' -l log-level
complete -c certty -n '__fish_seen_subcommand_from supply' -l version
complete -c certty -n '__fish_seen_subcommand_from supply' -l help
complete -c certty -n __fish_use_subcommand -f -a object-add -d 'Make what a service keeps beside certificates: a role and the like'
complete -c certty -n '__fish_seen_subcommand_from object-add' -l name
complete -c certty -n '__fish_seen_subcommand_from object-add' -l what
complete -c certty -n '__fish_seen_subcommand_from object-add' -l manifest
complete -c certty -n '__fish_seen_subcommand_from object-add' -l store-type
complete -c certty -n '__fish_seen_subcommand_from object-add' -l file
complete -c certty -n '__fish_seen_subcommand_from object-add' -l hold-agents
complete -c certty -n '__fish_seen_subcommand_from object-add' -l deletes
complete -c certty -n '__fish_seen_subcommand_from object-add' -l machine
complete -c certty -n '__fish_seen_subcommand_from object-add' -l agent
complete -c certty -n '__fish_seen_subcommand_from object-add' -l container
complete -c certty -n '__fish_seen_subcommand_from object-add' -l create-if-missing
complete -c certty -n '__fish_seen_subcommand_from object-add' -l properties
complete -c certty -n '__fish_seen_subcommand_from object-add' -l server-username-fd
complete -c certty -n '__fish_seen_subcommand_from object-add' -l server-password-fd
complete -c certty -n '__fish_seen_subcommand_from object-add' -l store-password-fd
complete -c certty -n '__fish_seen_subcommand_from object-add' -l other-secrets-fd
complete -c certty -n '__fish_seen_subcommand_from object-add' -l dirs
complete -c certty -n '__fish_seen_subcommand_from object-add' -l ignored-dirs
complete -c certty -n '__fish_seen_subcommand_from object-add' -l extensions
complete -c certty -n '__fish_seen_subcommand_from object-add' -l patterns
complete -c certty -n '__fish_seen_subcommand_from object-add' -l symlinks
complete -c certty -n '__fish_seen_subcommand_from object-add' -l at
complete -c certty -n '__fish_seen_subcommand_from object-add' -l organization
complete -c certty -n '__fish_seen_subcommand_from object-add' -l cert-types
complete -c certty -n '__fish_seen_subcommand_from object-add' -l description
complete -c certty -n '__fish_seen_subcommand_from object-add' -l server
complete -c certty -n '__fish_seen_subcommand_from object-add' -l allowed-domains
complete -c certty -n '__fish_seen_subcommand_from object-add' -l allow-subdomains
complete -c certty -n '__fish_seen_subcommand_from object-add' -l allow-bare-domains
complete -c certty -n '__fish_seen_subcommand_from object-add' -l allow-glob-domains
complete -c certty -n '__fish_seen_subcommand_from object-add' -l allow-any-name
complete -c certty -n '__fish_seen_subcommand_from object-add' -l allow-ip-sans
complete -c certty -n '__fish_seen_subcommand_from object-add' -l ttl
complete -c certty -n '__fish_seen_subcommand_from object-add' -l max-ttl
complete -c certty -n '__fish_seen_subcommand_from object-add' -l key-type
complete -c certty -n '__fish_seen_subcommand_from object-add' -l key-bits
complete -c certty -n '__fish_seen_subcommand_from object-add' -l server-flag
complete -c certty -n '__fish_seen_subcommand_from object-add' -l client-flag
complete -c certty -n '__fish_seen_subcommand_from object-add' -l issuer-ref
complete -c certty -n '__fish_seen_subcommand_from object-add' -l require-cn
complete -c certty -n '__fish_seen_subcommand_from object-add' -l no-store
complete -c certty -n '__fish_seen_subcommand_from object-add' -l generate-lease
complete -c certty -n '__fish_seen_subcommand_from object-add' -l allow-localhost
complete -c certty -n '__fish_seen_subcommand_from object-add' -l allow-wildcard-certificates
complete -c certty -n '__fish_seen_subcommand_from object-add' -l enforce-hostnames
complete -c certty -n '__fish_seen_subcommand_from object-add' -l allowed-uri-sans
complete -c certty -n '__fish_seen_subcommand_from object-add' -l key-usage
complete -c certty -n '__fish_seen_subcommand_from object-add' -l ext-key-usage
complete -c certty -n '__fish_seen_subcommand_from object-add' -l code-signing-flag
complete -c certty -n '__fish_seen_subcommand_from object-add' -l email-protection-flag
complete -c certty -n '__fish_seen_subcommand_from object-add' -l use-csr-common-name
complete -c certty -n '__fish_seen_subcommand_from object-add' -l use-csr-sans
complete -c certty -n '__fish_seen_subcommand_from object-add' -l ou
complete -c certty -n '__fish_seen_subcommand_from object-add' -l country
complete -c certty -n '__fish_seen_subcommand_from object-add' -l output
complete -c certty -n '__fish_seen_subcommand_from object-add' -l yes
complete -c certty -n '__fish_seen_subcommand_from object-add' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from object-add' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from object-add' -l offline
complete -c certty -n '__fish_seen_subcommand_from object-add' -l read-only
complete -c certty -n '__fish_seen_subcommand_from object-add' -l readonly
complete -c certty -n '__fish_seen_subcommand_from object-add' -l config
complete -c certty -n '__fish_seen_subcommand_from object-add' -l state
complete -c certty -n '__fish_seen_subcommand_from object-add' -l refresh
complete -c certty -n '__fish_seen_subcommand_from object-add' -l theme
complete -c certty -n '__fish_seen_subcommand_from object-add' -l no-color
complete -c certty -n '__fish_seen_subcommand_from object-add' -l ascii
complete -c certty -n '__fish_seen_subcommand_from object-add' -l log-file
complete -c certty -n '__fish_seen_subcommand_from object-add' -l log-level
complete -c certty -n '__fish_seen_subcommand_from object-add' -l version
complete -c certty -n '__fish_seen_subcommand_from object-add' -l help
complete -c certty -n __fish_use_subcommand -f -a object-edit -d 'Change a role or the like; what is not said stays as it is'
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l not-before
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l not-after
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l status
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l stores
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l machine
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l path
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l agent
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l container
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l create-if-missing
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l properties
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l server-username-fd
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l server-password-fd
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l store-password-fd
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l other-secrets-fd
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l then
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l delegate
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l undelegate
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l cert-types
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l approve
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l reject
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l rename
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l add-names
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l remove-names
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l eab-file
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l ask
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l allowed-domains
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l allow-subdomains
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l allow-bare-domains
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l allow-glob-domains
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l allow-any-name
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l allow-ip-sans
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l ttl
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l max-ttl
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l key-type
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l key-bits
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l server-flag
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l client-flag
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l issuer-ref
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l require-cn
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l no-store
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l generate-lease
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l allow-localhost
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l allow-wildcard-certificates
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l enforce-hostnames
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l allowed-uri-sans
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l key-usage
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l ext-key-usage
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l code-signing-flag
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l email-protection-flag
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l use-csr-common-name
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l use-csr-sans
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l organization
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l ou
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l country
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l url
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l api-path
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l ca
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l template
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l auth
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l user
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l password-fd
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l domain
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l client-id
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l client-secret-fd
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l token-url
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l scopes
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l audience
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l access-token-fd
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l ca-path
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l skip-verify
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l accept-risk
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l tidy
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l tidy-interval
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l tidy-after
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l reveal-file
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l output
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l yes
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l offline
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l read-only
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l readonly
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l config
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l state
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l refresh
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l theme
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l no-color
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l ascii
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l log-file
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l log-level
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l version
complete -c certty -n '__fish_seen_subcommand_from object-edit' -l help
complete -c certty -n __fish_use_subcommand -f -a object-drop -d 'Delete roles and the like where they are'
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l output
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l filter
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l account
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l yes
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l offline
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l read-only
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l readonly
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l config
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l state
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l refresh
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l theme
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l no-color
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l ascii
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l log-file
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l log-level
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l version
complete -c certty -n '__fish_seen_subcommand_from object-drop' -l help
complete -c certty -n __fish_use_subcommand -f -a object-reset -d 'Make agents and the like new again where they are: what they have goes'
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l output
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l filter
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l account
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l yes
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l offline
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l read-only
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l readonly
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l config
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l state
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l refresh
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l theme
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l no-color
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l ascii
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l log-file
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l log-level
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l version
complete -c certty -n '__fish_seen_subcommand_from object-reset' -l help
complete -c certty -n __fish_use_subcommand -f -a object-save -d 'Write what is there to a file'
complete -c certty -n '__fish_seen_subcommand_from object-save' -l file
complete -c certty -n '__fish_seen_subcommand_from object-save' -l replace
complete -c certty -n '__fish_seen_subcommand_from object-save' -l rows
complete -c certty -n '__fish_seen_subcommand_from object-save' -l agent
complete -c certty -n '__fish_seen_subcommand_from object-save' -l what
complete -c certty -n '__fish_seen_subcommand_from object-save' -l format
complete -c certty -n '__fish_seen_subcommand_from object-save' -l output
complete -c certty -n '__fish_seen_subcommand_from object-save' -l yes
complete -c certty -n '__fish_seen_subcommand_from object-save' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from object-save' -l offline
complete -c certty -n '__fish_seen_subcommand_from object-save' -l read-only
complete -c certty -n '__fish_seen_subcommand_from object-save' -l readonly
complete -c certty -n '__fish_seen_subcommand_from object-save' -l config
complete -c certty -n '__fish_seen_subcommand_from object-save' -l state
complete -c certty -n '__fish_seen_subcommand_from object-save' -l refresh
complete -c certty -n '__fish_seen_subcommand_from object-save' -l theme
complete -c certty -n '__fish_seen_subcommand_from object-save' -l no-color
complete -c certty -n '__fish_seen_subcommand_from object-save' -l ascii
complete -c certty -n '__fish_seen_subcommand_from object-save' -l log-file
complete -c certty -n '__fish_seen_subcommand_from object-save' -l log-level
complete -c certty -n '__fish_seen_subcommand_from object-save' -l version
complete -c certty -n '__fish_seen_subcommand_from object-save' -l help
complete -c certty -n __fish_use_subcommand -f -a object-approve -d 'Approve what was found, so that it is looked after from then on'
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l container
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l properties
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l server-username-fd
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l server-password-fd
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l store-password-fd
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l other-secrets-fd
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l output
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l filter
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l account
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l yes
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l offline
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l read-only
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l readonly
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l config
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l state
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l refresh
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l theme
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l no-color
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l ascii
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l log-file
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l log-level
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l version
complete -c certty -n '__fish_seen_subcommand_from object-approve' -l help
complete -c certty -n __fish_use_subcommand -f -a object-history -d 'Read what happened to something where it is: who changed what, when'
complete -c certty -n '__fish_seen_subcommand_from object-history' -l output
complete -c certty -n '__fish_seen_subcommand_from object-history' -l offline
complete -c certty -n '__fish_seen_subcommand_from object-history' -l read-only
complete -c certty -n '__fish_seen_subcommand_from object-history' -l readonly
complete -c certty -n '__fish_seen_subcommand_from object-history' -l config
complete -c certty -n '__fish_seen_subcommand_from object-history' -l state
complete -c certty -n '__fish_seen_subcommand_from object-history' -l refresh
complete -c certty -n '__fish_seen_subcommand_from object-history' -l theme
complete -c certty -n '__fish_seen_subcommand_from object-history' -l no-color
complete -c certty -n '__fish_seen_subcommand_from object-history' -l ascii
complete -c certty -n '__fish_seen_subcommand_from object-history' -l log-file
complete -c certty -n '__fish_seen_subcommand_from object-history' -l log-level
complete -c certty -n '__fish_seen_subcommand_from object-history' -l version
complete -c certty -n '__fish_seen_subcommand_from object-history' -l help
complete -c certty -n __fish_use_subcommand -f -a restart -d 'Restart workflows that failed, or hang, where they run'
complete -c certty -n '__fish_seen_subcommand_from restart' -l output
complete -c certty -n '__fish_seen_subcommand_from restart' -l filter
complete -c certty -n '__fish_seen_subcommand_from restart' -l account
complete -c certty -n '__fish_seen_subcommand_from restart' -l yes
complete -c certty -n '__fish_seen_subcommand_from restart' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from restart' -l offline
complete -c certty -n '__fish_seen_subcommand_from restart' -l read-only
complete -c certty -n '__fish_seen_subcommand_from restart' -l readonly
complete -c certty -n '__fish_seen_subcommand_from restart' -l config
complete -c certty -n '__fish_seen_subcommand_from restart' -l state
complete -c certty -n '__fish_seen_subcommand_from restart' -l refresh
complete -c certty -n '__fish_seen_subcommand_from restart' -l theme
complete -c certty -n '__fish_seen_subcommand_from restart' -l no-color
complete -c certty -n '__fish_seen_subcommand_from restart' -l ascii
complete -c certty -n '__fish_seen_subcommand_from restart' -l log-file
complete -c certty -n '__fish_seen_subcommand_from restart' -l log-level
complete -c certty -n '__fish_seen_subcommand_from restart' -l version
complete -c certty -n '__fish_seen_subcommand_from restart' -l help
complete -c certty -n __fish_use_subcommand -f -a unseal -d 'Give a sealed server keys that unseal it'
complete -c certty -n '__fish_seen_subcommand_from unseal' -l keys-fd
complete -c certty -n '__fish_seen_subcommand_from unseal' -l reset
complete -c certty -n '__fish_seen_subcommand_from unseal' -l output
complete -c certty -n '__fish_seen_subcommand_from unseal' -l yes
complete -c certty -n '__fish_seen_subcommand_from unseal' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from unseal' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from unseal' -l offline
complete -c certty -n '__fish_seen_subcommand_from unseal' -l read-only
complete -c certty -n '__fish_seen_subcommand_from unseal' -l readonly
complete -c certty -n '__fish_seen_subcommand_from unseal' -l config
complete -c certty -n '__fish_seen_subcommand_from unseal' -l state
complete -c certty -n '__fish_seen_subcommand_from unseal' -l refresh
complete -c certty -n '__fish_seen_subcommand_from unseal' -l theme
complete -c certty -n '__fish_seen_subcommand_from unseal' -l no-color
complete -c certty -n '__fish_seen_subcommand_from unseal' -l ascii
complete -c certty -n '__fish_seen_subcommand_from unseal' -l log-file
complete -c certty -n '__fish_seen_subcommand_from unseal' -l log-level
complete -c certty -n '__fish_seen_subcommand_from unseal' -l version
complete -c certty -n '__fish_seen_subcommand_from unseal' -l help
complete -c certty -n __fish_use_subcommand -f -a init -d 'Initialise a new server, and write down the keys that unseal it'
complete -c certty -n '__fish_seen_subcommand_from init' -l shares
complete -c certty -n '__fish_seen_subcommand_from init' -l threshold
complete -c certty -n '__fish_seen_subcommand_from init' -l file
complete -c certty -n '__fish_seen_subcommand_from init' -l pgp-keys
complete -c certty -n '__fish_seen_subcommand_from init' -l root-pgp-key
complete -c certty -n '__fish_seen_subcommand_from init' -l output
complete -c certty -n '__fish_seen_subcommand_from init' -l yes
complete -c certty -n '__fish_seen_subcommand_from init' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from init' -l offline
complete -c certty -n '__fish_seen_subcommand_from init' -l read-only
complete -c certty -n '__fish_seen_subcommand_from init' -l readonly
complete -c certty -n '__fish_seen_subcommand_from init' -l config
complete -c certty -n '__fish_seen_subcommand_from init' -l state
complete -c certty -n '__fish_seen_subcommand_from init' -l refresh
complete -c certty -n '__fish_seen_subcommand_from init' -l theme
complete -c certty -n '__fish_seen_subcommand_from init' -l no-color
complete -c certty -n '__fish_seen_subcommand_from init' -l ascii
complete -c certty -n '__fish_seen_subcommand_from init' -l log-file
complete -c certty -n '__fish_seen_subcommand_from init' -l log-level
complete -c certty -n '__fish_seen_subcommand_from init' -l version
complete -c certty -n '__fish_seen_subcommand_from init' -l help
complete -c certty -n __fish_use_subcommand -f -a mount -d 'Enable an engine of a server at a path'
complete -c certty -n '__fish_seen_subcommand_from mount' -l path
complete -c certty -n '__fish_seen_subcommand_from mount' -l type
complete -c certty -n '__fish_seen_subcommand_from mount' -l description
complete -c certty -n '__fish_seen_subcommand_from mount' -l default-ttl
complete -c certty -n '__fish_seen_subcommand_from mount' -l max-ttl
complete -c certty -n '__fish_seen_subcommand_from mount' -l output
complete -c certty -n '__fish_seen_subcommand_from mount' -l yes
complete -c certty -n '__fish_seen_subcommand_from mount' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from mount' -l offline
complete -c certty -n '__fish_seen_subcommand_from mount' -l read-only
complete -c certty -n '__fish_seen_subcommand_from mount' -l readonly
complete -c certty -n '__fish_seen_subcommand_from mount' -l config
complete -c certty -n '__fish_seen_subcommand_from mount' -l state
complete -c certty -n '__fish_seen_subcommand_from mount' -l refresh
complete -c certty -n '__fish_seen_subcommand_from mount' -l theme
complete -c certty -n '__fish_seen_subcommand_from mount' -l no-color
complete -c certty -n '__fish_seen_subcommand_from mount' -l ascii
complete -c certty -n '__fish_seen_subcommand_from mount' -l log-file
complete -c certty -n '__fish_seen_subcommand_from mount' -l log-level
complete -c certty -n '__fish_seen_subcommand_from mount' -l version
complete -c certty -n '__fish_seen_subcommand_from mount' -l help
complete -c certty -n __fish_use_subcommand -f -a tune -d 'Change the description and the lives of what an engine issues'
complete -c certty -n '__fish_seen_subcommand_from tune' -l description
complete -c certty -n '__fish_seen_subcommand_from tune' -l default-ttl
complete -c certty -n '__fish_seen_subcommand_from tune' -l max-ttl
complete -c certty -n '__fish_seen_subcommand_from tune' -l output
complete -c certty -n '__fish_seen_subcommand_from tune' -l yes
complete -c certty -n '__fish_seen_subcommand_from tune' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from tune' -l offline
complete -c certty -n '__fish_seen_subcommand_from tune' -l read-only
complete -c certty -n '__fish_seen_subcommand_from tune' -l readonly
complete -c certty -n '__fish_seen_subcommand_from tune' -l config
complete -c certty -n '__fish_seen_subcommand_from tune' -l state
complete -c certty -n '__fish_seen_subcommand_from tune' -l refresh
complete -c certty -n '__fish_seen_subcommand_from tune' -l theme
complete -c certty -n '__fish_seen_subcommand_from tune' -l no-color
complete -c certty -n '__fish_seen_subcommand_from tune' -l ascii
complete -c certty -n '__fish_seen_subcommand_from tune' -l log-file
complete -c certty -n '__fish_seen_subcommand_from tune' -l log-level
complete -c certty -n '__fish_seen_subcommand_from tune' -l version
complete -c certty -n '__fish_seen_subcommand_from tune' -l help
complete -c certty -n __fish_use_subcommand -f -a plugin -d 'Register a plug-in that lies on a server, by its SHA-256'
complete -c certty -n '__fish_seen_subcommand_from plugin' -l name
complete -c certty -n '__fish_seen_subcommand_from plugin' -l sha256
complete -c certty -n '__fish_seen_subcommand_from plugin' -l command
complete -c certty -n '__fish_seen_subcommand_from plugin' -l args
complete -c certty -n '__fish_seen_subcommand_from plugin' -l release
complete -c certty -n '__fish_seen_subcommand_from plugin' -l output
complete -c certty -n '__fish_seen_subcommand_from plugin' -l yes
complete -c certty -n '__fish_seen_subcommand_from plugin' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from plugin' -l offline
complete -c certty -n '__fish_seen_subcommand_from plugin' -l read-only
complete -c certty -n '__fish_seen_subcommand_from plugin' -l readonly
complete -c certty -n '__fish_seen_subcommand_from plugin' -l config
complete -c certty -n '__fish_seen_subcommand_from plugin' -l state
complete -c certty -n '__fish_seen_subcommand_from plugin' -l refresh
complete -c certty -n '__fish_seen_subcommand_from plugin' -l theme
complete -c certty -n '__fish_seen_subcommand_from plugin' -l no-color
complete -c certty -n '__fish_seen_subcommand_from plugin' -l ascii
complete -c certty -n '__fish_seen_subcommand_from plugin' -l log-file
complete -c certty -n '__fish_seen_subcommand_from plugin' -l log-level
complete -c certty -n '__fish_seen_subcommand_from plugin' -l version
complete -c certty -n '__fish_seen_subcommand_from plugin' -l help
complete -c certty -n __fish_use_subcommand -f -a engine-config -d 'Change how an engine reaches its service, or write down what it hides'
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l url
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l api-path
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l ca
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l template
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l auth
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l user
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l password-fd
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l domain
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l client-id
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l client-secret-fd
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l token-url
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l scopes
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l audience
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l access-token-fd
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l ca-path
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l skip-verify
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l accept-risk
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l tidy
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l tidy-interval
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l tidy-after
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l reveal-file
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l output
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l yes
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l offline
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l read-only
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l readonly
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l config
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l state
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l refresh
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l theme
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l no-color
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l ascii
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l log-file
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l log-level
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l version
complete -c certty -n '__fish_seen_subcommand_from engine-config' -l help
complete -c certty -n __fish_use_subcommand -f -a schedule -d 'Say when an agent takes inventory of stores: now, again and again, or not'
complete -c certty -n '__fish_seen_subcommand_from schedule' -l when
complete -c certty -n '__fish_seen_subcommand_from schedule' -l every
complete -c certty -n '__fish_seen_subcommand_from schedule' -l at
complete -c certty -n '__fish_seen_subcommand_from schedule' -l output
complete -c certty -n '__fish_seen_subcommand_from schedule' -l filter
complete -c certty -n '__fish_seen_subcommand_from schedule' -l account
complete -c certty -n '__fish_seen_subcommand_from schedule' -l yes
complete -c certty -n '__fish_seen_subcommand_from schedule' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from schedule' -l offline
complete -c certty -n '__fish_seen_subcommand_from schedule' -l read-only
complete -c certty -n '__fish_seen_subcommand_from schedule' -l readonly
complete -c certty -n '__fish_seen_subcommand_from schedule' -l config
complete -c certty -n '__fish_seen_subcommand_from schedule' -l state
complete -c certty -n '__fish_seen_subcommand_from schedule' -l refresh
complete -c certty -n '__fish_seen_subcommand_from schedule' -l theme
complete -c certty -n '__fish_seen_subcommand_from schedule' -l no-color
complete -c certty -n '__fish_seen_subcommand_from schedule' -l ascii
complete -c certty -n '__fish_seen_subcommand_from schedule' -l log-file
complete -c certty -n '__fish_seen_subcommand_from schedule' -l log-level
complete -c certty -n '__fish_seen_subcommand_from schedule' -l version
complete -c certty -n '__fish_seen_subcommand_from schedule' -l help
complete -c certty -n __fish_use_subcommand -f -a reenroll -d 'Have an agent make a key in a store, and a certificate for it'
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l subject
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l name
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l replace
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l parameters
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l parameter-secrets-fd
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l template
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l ca
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l output
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l yes
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l secrets-stdin
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l offline
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l read-only
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l readonly
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l config
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l state
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l refresh
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l theme
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l no-color
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l ascii
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l log-file
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l log-level
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l version
complete -c certty -n '__fish_seen_subcommand_from reenroll' -l help
complete -c certty -n __fish_use_subcommand -f -a recover -d 'Bring back what was deleted where it is kept for a while'
complete -c certty -n '__fish_seen_subcommand_from recover' -l output
complete -c certty -n '__fish_seen_subcommand_from recover' -l filter
complete -c certty -n '__fish_seen_subcommand_from recover' -l account
complete -c certty -n '__fish_seen_subcommand_from recover' -l yes
complete -c certty -n '__fish_seen_subcommand_from recover' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from recover' -l offline
complete -c certty -n '__fish_seen_subcommand_from recover' -l read-only
complete -c certty -n '__fish_seen_subcommand_from recover' -l readonly
complete -c certty -n '__fish_seen_subcommand_from recover' -l config
complete -c certty -n '__fish_seen_subcommand_from recover' -l state
complete -c certty -n '__fish_seen_subcommand_from recover' -l refresh
complete -c certty -n '__fish_seen_subcommand_from recover' -l theme
complete -c certty -n '__fish_seen_subcommand_from recover' -l no-color
complete -c certty -n '__fish_seen_subcommand_from recover' -l ascii
complete -c certty -n '__fish_seen_subcommand_from recover' -l log-file
complete -c certty -n '__fish_seen_subcommand_from recover' -l log-level
complete -c certty -n '__fish_seen_subcommand_from recover' -l version
complete -c certty -n '__fish_seen_subcommand_from recover' -l help
complete -c certty -n __fish_use_subcommand -f -a purge -d 'Delete for good what was deleted and could still come back'
complete -c certty -n '__fish_seen_subcommand_from purge' -l output
complete -c certty -n '__fish_seen_subcommand_from purge' -l filter
complete -c certty -n '__fish_seen_subcommand_from purge' -l account
complete -c certty -n '__fish_seen_subcommand_from purge' -l yes
complete -c certty -n '__fish_seen_subcommand_from purge' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from purge' -l offline
complete -c certty -n '__fish_seen_subcommand_from purge' -l read-only
complete -c certty -n '__fish_seen_subcommand_from purge' -l readonly
complete -c certty -n '__fish_seen_subcommand_from purge' -l config
complete -c certty -n '__fish_seen_subcommand_from purge' -l state
complete -c certty -n '__fish_seen_subcommand_from purge' -l refresh
complete -c certty -n '__fish_seen_subcommand_from purge' -l theme
complete -c certty -n '__fish_seen_subcommand_from purge' -l no-color
complete -c certty -n '__fish_seen_subcommand_from purge' -l ascii
complete -c certty -n '__fish_seen_subcommand_from purge' -l log-file
complete -c certty -n '__fish_seen_subcommand_from purge' -l log-level
complete -c certty -n '__fish_seen_subcommand_from purge' -l version
complete -c certty -n '__fish_seen_subcommand_from purge' -l help
complete -c certty -n __fish_use_subcommand -f -a cert-enable -d 'Let certificates be used again that were disabled where they are'
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l version-id
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l store
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l output
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l filter
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l account
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l yes
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l offline
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l read-only
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l readonly
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l config
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l state
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l refresh
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l theme
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l no-color
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l ascii
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l log-file
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l log-level
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l version
complete -c certty -n '__fish_seen_subcommand_from cert-enable' -l help
complete -c certty -n __fish_use_subcommand -f -a cert-disable -d 'Have certificates and their keys given to nobody until they are enabled'
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l version-id
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l store
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l output
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l filter
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l account
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l yes
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l offline
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l read-only
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l readonly
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l config
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l state
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l refresh
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l theme
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l no-color
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l ascii
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l log-file
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l log-level
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l version
complete -c certty -n '__fish_seen_subcommand_from cert-disable' -l help
complete -c certty -n __fish_use_subcommand -f -a request-drop -d 'Delete requests where they were made, whatever came of them'
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l with-name
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l output
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l filter
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l account
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l yes
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l offline
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l read-only
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l readonly
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l config
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l state
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l refresh
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l theme
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l no-color
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l ascii
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l log-file
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l log-level
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l version
complete -c certty -n '__fish_seen_subcommand_from request-drop' -l help
complete -c certty -n __fish_use_subcommand -f -a vault-create -d 'Make a vault in a cloud, open it to this account, and add it as a store'
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l name
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l group
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l subscription
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l region
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l sku
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l access
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l make-group
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l retention
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l purge-protection
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l output
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l yes
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l offline
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l read-only
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l readonly
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l config
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l state
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l refresh
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l theme
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l no-color
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l ascii
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l log-file
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l log-level
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l version
complete -c certty -n '__fish_seen_subcommand_from vault-create' -l help
complete -c certty -n __fish_use_subcommand -f -a backup -d 'Write all versions of a certificate, as its service encrypts them, to a file'
complete -c certty -n '__fish_seen_subcommand_from backup' -l file
complete -c certty -n '__fish_seen_subcommand_from backup' -l store
complete -c certty -n '__fish_seen_subcommand_from backup' -l replace
complete -c certty -n '__fish_seen_subcommand_from backup' -l output
complete -c certty -n '__fish_seen_subcommand_from backup' -l yes
complete -c certty -n '__fish_seen_subcommand_from backup' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from backup' -l offline
complete -c certty -n '__fish_seen_subcommand_from backup' -l read-only
complete -c certty -n '__fish_seen_subcommand_from backup' -l readonly
complete -c certty -n '__fish_seen_subcommand_from backup' -l config
complete -c certty -n '__fish_seen_subcommand_from backup' -l state
complete -c certty -n '__fish_seen_subcommand_from backup' -l refresh
complete -c certty -n '__fish_seen_subcommand_from backup' -l theme
complete -c certty -n '__fish_seen_subcommand_from backup' -l no-color
complete -c certty -n '__fish_seen_subcommand_from backup' -l ascii
complete -c certty -n '__fish_seen_subcommand_from backup' -l log-file
complete -c certty -n '__fish_seen_subcommand_from backup' -l log-level
complete -c certty -n '__fish_seen_subcommand_from backup' -l version
complete -c certty -n '__fish_seen_subcommand_from backup' -l help
complete -c certty -n __fish_use_subcommand -f -a restore -d 'Put a certificate back from a file that backup has written'
complete -c certty -n '__fish_seen_subcommand_from restore' -l file
complete -c certty -n '__fish_seen_subcommand_from restore' -l output
complete -c certty -n '__fish_seen_subcommand_from restore' -l yes
complete -c certty -n '__fish_seen_subcommand_from restore' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from restore' -l offline
complete -c certty -n '__fish_seen_subcommand_from restore' -l read-only
complete -c certty -n '__fish_seen_subcommand_from restore' -l readonly
complete -c certty -n '__fish_seen_subcommand_from restore' -l config
complete -c certty -n '__fish_seen_subcommand_from restore' -l state
complete -c certty -n '__fish_seen_subcommand_from restore' -l refresh
complete -c certty -n '__fish_seen_subcommand_from restore' -l theme
complete -c certty -n '__fish_seen_subcommand_from restore' -l no-color
complete -c certty -n '__fish_seen_subcommand_from restore' -l ascii
complete -c certty -n '__fish_seen_subcommand_from restore' -l log-file
complete -c certty -n '__fish_seen_subcommand_from restore' -l log-level
complete -c certty -n '__fish_seen_subcommand_from restore' -l version
complete -c certty -n '__fish_seen_subcommand_from restore' -l help
complete -c certty -n __fish_use_subcommand -f -a validate -d 'Have control of domains validated: by a record, a file or a mail'
complete -c certty -n '__fish_seen_subcommand_from validate' -l method
complete -c certty -n '__fish_seen_subcommand_from validate' -l email
complete -c certty -n '__fish_seen_subcommand_from validate' -l output
complete -c certty -n '__fish_seen_subcommand_from validate' -l filter
complete -c certty -n '__fish_seen_subcommand_from validate' -l account
complete -c certty -n '__fish_seen_subcommand_from validate' -l yes
complete -c certty -n '__fish_seen_subcommand_from validate' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from validate' -l offline
complete -c certty -n '__fish_seen_subcommand_from validate' -l read-only
complete -c certty -n '__fish_seen_subcommand_from validate' -l readonly
complete -c certty -n '__fish_seen_subcommand_from validate' -l config
complete -c certty -n '__fish_seen_subcommand_from validate' -l state
complete -c certty -n '__fish_seen_subcommand_from validate' -l refresh
complete -c certty -n '__fish_seen_subcommand_from validate' -l theme
complete -c certty -n '__fish_seen_subcommand_from validate' -l no-color
complete -c certty -n '__fish_seen_subcommand_from validate' -l ascii
complete -c certty -n '__fish_seen_subcommand_from validate' -l log-file
complete -c certty -n '__fish_seen_subcommand_from validate' -l log-level
complete -c certty -n '__fish_seen_subcommand_from validate' -l version
complete -c certty -n '__fish_seen_subcommand_from validate' -l help
complete -c certty -n __fish_use_subcommand -f -a object-state -d 'Bring what a service keeps beside certificates to a state, for automation'
complete -c certty -n '__fish_seen_subcommand_from object-state' -l state
complete -c certty -n '__fish_seen_subcommand_from object-state' -l only
complete -c certty -n '__fish_seen_subcommand_from object-state' -l check
complete -c certty -n '__fish_seen_subcommand_from object-state' -l what
complete -c certty -n '__fish_seen_subcommand_from object-state' -l name
complete -c certty -n '__fish_seen_subcommand_from object-state' -l organization
complete -c certty -n '__fish_seen_subcommand_from object-state' -l cert-types
complete -c certty -n '__fish_seen_subcommand_from object-state' -l description
complete -c certty -n '__fish_seen_subcommand_from object-state' -l server
complete -c certty -n '__fish_seen_subcommand_from object-state' -l names
complete -c certty -n '__fish_seen_subcommand_from object-state' -l eab-file
complete -c certty -n '__fish_seen_subcommand_from object-state' -l output
complete -c certty -n '__fish_seen_subcommand_from object-state' -l yes
complete -c certty -n '__fish_seen_subcommand_from object-state' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from object-state' -l offline
complete -c certty -n '__fish_seen_subcommand_from object-state' -l read-only
complete -c certty -n '__fish_seen_subcommand_from object-state' -l readonly
complete -c certty -n '__fish_seen_subcommand_from object-state' -l config
complete -c certty -n '__fish_seen_subcommand_from object-state' -l refresh
complete -c certty -n '__fish_seen_subcommand_from object-state' -l theme
complete -c certty -n '__fish_seen_subcommand_from object-state' -l no-color
complete -c certty -n '__fish_seen_subcommand_from object-state' -l ascii
complete -c certty -n '__fish_seen_subcommand_from object-state' -l log-file
complete -c certty -n '__fish_seen_subcommand_from object-state' -l log-level
complete -c certty -n '__fish_seen_subcommand_from object-state' -l version
complete -c certty -n '__fish_seen_subcommand_from object-state' -l help
complete -c certty -n __fish_use_subcommand -f -a reissue -d 'Have a certificate issued anew in its place, for another key or other names'
complete -c certty -n '__fish_seen_subcommand_from reissue' -l csr
complete -c certty -n '__fish_seen_subcommand_from reissue' -l names
complete -c certty -n '__fish_seen_subcommand_from reissue' -l reason
complete -c certty -n '__fish_seen_subcommand_from reissue' -l store
complete -c certty -n '__fish_seen_subcommand_from reissue' -l output
complete -c certty -n '__fish_seen_subcommand_from reissue' -l yes
complete -c certty -n '__fish_seen_subcommand_from reissue' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from reissue' -l offline
complete -c certty -n '__fish_seen_subcommand_from reissue' -l read-only
complete -c certty -n '__fish_seen_subcommand_from reissue' -l readonly
complete -c certty -n '__fish_seen_subcommand_from reissue' -l config
complete -c certty -n '__fish_seen_subcommand_from reissue' -l state
complete -c certty -n '__fish_seen_subcommand_from reissue' -l refresh
complete -c certty -n '__fish_seen_subcommand_from reissue' -l theme
complete -c certty -n '__fish_seen_subcommand_from reissue' -l no-color
complete -c certty -n '__fish_seen_subcommand_from reissue' -l ascii
complete -c certty -n '__fish_seen_subcommand_from reissue' -l log-file
complete -c certty -n '__fish_seen_subcommand_from reissue' -l log-level
complete -c certty -n '__fish_seen_subcommand_from reissue' -l version
complete -c certty -n '__fish_seen_subcommand_from reissue' -l help
complete -c certty -n __fish_use_subcommand -f -a request-edit -d 'Change what an order asks for where it was made, before it is approved'
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l names
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l profile
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l term
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l requester
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l comments
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l fields
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l output
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l yes
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l dry-run
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l offline
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l read-only
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l readonly
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l config
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l state
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l refresh
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l theme
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l no-color
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l ascii
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l log-file
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l log-level
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l version
complete -c certty -n '__fish_seen_subcommand_from request-edit' -l help
complete -c certty -n __fish_use_subcommand -f -a history -d 'Read what was done to a certificate where it is: by whom, when'
complete -c certty -n '__fish_seen_subcommand_from history' -l output
complete -c certty -n '__fish_seen_subcommand_from history' -l offline
complete -c certty -n '__fish_seen_subcommand_from history' -l read-only
complete -c certty -n '__fish_seen_subcommand_from history' -l readonly
complete -c certty -n '__fish_seen_subcommand_from history' -l config
complete -c certty -n '__fish_seen_subcommand_from history' -l state
complete -c certty -n '__fish_seen_subcommand_from history' -l refresh
complete -c certty -n '__fish_seen_subcommand_from history' -l theme
complete -c certty -n '__fish_seen_subcommand_from history' -l no-color
complete -c certty -n '__fish_seen_subcommand_from history' -l ascii
complete -c certty -n '__fish_seen_subcommand_from history' -l log-file
complete -c certty -n '__fish_seen_subcommand_from history' -l log-level
complete -c certty -n '__fish_seen_subcommand_from history' -l version
complete -c certty -n '__fish_seen_subcommand_from history' -l help
