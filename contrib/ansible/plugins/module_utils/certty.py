"""Runs certty sectigo, and says in Ansible's words what came of it.

certty compares and changes by itself, so nothing is decided here: a module names its arguments, and passes on
what certty answers.
"""
import json

from ansible.module_utils.basic import AnsibleModule

COMMON = {
    "account": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "organization": {"type": "str"},
    "executable": {"type": "str", "default": "certty"},
    "config": {"type": "path"},
}


def module_of(**more):
    return AnsibleModule(argument_spec=dict(COMMON, **more), supports_check_mode=True)


def option(argv, name, value):
    """What is not said is left to certty, and a list has its commas; one word, so that none is an option."""
    if value is True:
        argv.append("--" + name)
    elif isinstance(value, list):
        argv.append("--%s=%s" % (name, ",".join(value)))
    elif value not in (None, False):
        argv.append("--%s=%s" % (name, value))


def argv_of(module, what, name, more):
    argv = [module.params["executable"]]
    option(argv, "config", module.params["config"])
    argv += ["sectigo", what, "--output=json", "--yes"]
    for key in ("account", "state", "organization"):
        option(argv, key, module.params[key])
    option(argv, "check", module.check_mode)
    for key, value in more.items():
        option(argv, key, value)
    return argv + ["--", name]


def read(text):
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def run(module, what, name, **more):
    status, out, err = module.run_command(argv_of(module, what, name, more))
    said = read(out)
    result = {"changed": bool(said.get("changed")), "changes": said.get("changes", []),
              "facts": said.get("facts", {}), "troubles": said.get("troubles", [])}
    if status or not said:
        why = [said.get("said")] + result["troubles"] + [err.strip()]
        module.fail_json(msg="; ".join(w for w in why if w) or "certty ended with status %d" % status,
                         rc=status, **result)
    module.exit_json(msg=said.get("said") or "", **result)
