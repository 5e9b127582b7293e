# bash completion for certty; made by: certty completion bash
_certty()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}
	local command= words= i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-*) ;;
		*) command=${COMP_WORDS[i]}; break ;;
		esac
	done
	case $command in
	'') words='ls show pending check config audit completion refresh discover accept ignore store-add store-drop label add remove export key approve deny passphrase unlock notify cancel --help --version' ;;
	ls) words='stores certs requests discovery domains jobs accounts --output --filter --account --sort --reverse --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	show) words='--output --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	pending) words='--output --filter --account --sort --reverse --all --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	check) words='--output --filter --account --warning --critical --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	config) words='check show default --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	audit) words='list export verify --output --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	completion) words='bash zsh fish --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	refresh) words='--output --filter --account --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	discover) words='--folders --hosts --networks --ports --output --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	accept) words='--output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	ignore) words='--output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	store-add) words='--address --type --title --output --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	store-drop) words='--output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	label) words='--container --add --remove --output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	add) words='--file --name --key --replace --output --yes --passphrase-fd --new-passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	remove) words='--store --output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	export) words='--format --file --with-key --replace --output --filter --account --yes --passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	key) words='--names --subject --kind --key-file --csr-file --plain --replace --output --yes --passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	approve) words='--profile --validity --digest --output --filter --account --yes --passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	deny) words='--reason --output --filter --account --yes --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	passphrase) words='--forget --output --yes --passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	unlock) words='--output --yes --passphrase-fd --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	notify) words='--dry-run --output --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	cancel) words='--output --filter --account --offline --read-only --readonly --config --state --refresh --theme --no-color --ascii --log-file --log-level --version --help' ;;
	esac
	case $command:$prev in
	check:-o|check:--output) words='text nagios prom' ;;
	show:-o|show:--output) words='text json pem' ;;
	*:-o|*:--output) words='text json csv tsv' ;;
	store-add:--type) words='folder keystore endpoint' ;;
	add:--key) words='encrypted plain no' ;;
	export:--format) words='pem chain der pkcs12 pkcs7' ;;
	key:--kind) words='ec-p256 ec-p384 ed25519 rsa-2048 rsa-3072 rsa-4096' ;;
	approve:--profile) words='server client server+client sub-ca' ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
	[ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default
}
complete -F _certty certty
