# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The playbook awx_setup against a stand-in for AWX, and then what AWX would run of it, against that for the cloud."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import trustme
import yaml

COLLECTION = Path(os.environ["PYTEST_COLLECTION"])
OTHER_COLLECTIONS = Path(os.environ["PYTEST_OTHER_COLLECTIONS"])
COLLECTIONS = os.pathsep.join(map(str, (COLLECTION.parents[2], OTHER_COLLECTIONS)))
sys.path[:0] = [str(Path(__file__).parent), str(COLLECTION / "tests/standin")]

from awx_api import AWX, READ_ONLY_TOKEN, SECRET, TOKEN, USER  # noqa: E402
from awx_api import PASSWORD as AWX_PASSWORD  # noqa: E402
from launcher import StandIn  # noqa: E402

PLAYBOOK = COLLECTION / "playbooks/awx_setup.yml"
TYPE = yaml.safe_load((COLLECTION / "extensions/awx/credential_type.yml").read_text())
PASSWORD = "trainer-password-0001"
INPUTS = {
    "auth_url": "https://iam.example.com/v3",
    "username": "trainer",
    "password": PASSWORD,
    "user_domain_name": "example",
    "project_name": "eu-de",
    "insecure": False,
}
# Of awx.awx, about a secret that it cannot compare, and about what it returns of a sync.
WARNINGS = ("encrypted data", "Value for result key 'finished'")
NAMES = ("credential_type", "credential", "inventory", "project", "workflow")
QUESTIONS = ("job_type", "gpu_types", "gpus", "cores", "memory_gb", "nodes", "wait")
TEMPLATES = ("list_template", "pick_template", "show_template")
# As PyYAML's own, and texts that Ansible shall not evaluate are texts.
CONSTRUCTORS = {**yaml.SafeLoader.yaml_constructors, "!unsafe": yaml.SafeLoader.construct_yaml_str}
LOADER = type("Loader", (yaml.SafeLoader,), {"yaml_constructors": CONSTRUCTORS})


def run(program, *arguments, folder, collections=COLLECTIONS, status=0, **environment):
    """Run a program of ansible-core and give its output."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": collections,
        "ANSIBLE_NOCOLOR": "1",
        **environment,
    }
    command = [sys.executable, "-m", "ansible", program, *map(str, arguments)]
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )
    assert done.returncode == status, done.stdout
    return done.stdout


def changed(output):
    """How many tasks of a run changed something."""
    return int(re.search(r"changed=(\d+)", output).group(1))


def writes(awx):
    """Method and path of what a run wrote, but that it started a sync of the project, as each run does."""
    return [(method, path) for method, path in awx.writes if not re.fullmatch(r"/api/v2/projects/\d+/update/", path)]


def state(awx):
    """A copy of all that there is in AWX, but the syncs of projects."""
    items = {number: item for number, item in awx.items.items() if awx.kinds[number] != "project_updates"}
    items = {number: {**item, "summary_fields": {}} for number, item in items.items()}
    return copy.deepcopy((items, awx.surveys, awx.associated, awx.secrets))


@pytest.fixture(scope="module")
def awx():
    # What AWX takes for playbooks is all that has plays, whatever the folder.
    playbooks = [path for path in COLLECTION.glob("playbooks/*.yml") if "hosts:" in path.read_text()]
    with AWX([str(path.relative_to(COLLECTION)) for path in playbooks]) as running:
        for name in ("Default", "Other", "Third"):
            running.create("organizations", name=name)
        yield running


@pytest.fixture(scope="module")
def setup(awx, tmp_path_factory):
    """Run the playbook with variables, and return its output. ``login`` replaces parts of the environment."""

    def setup(status=0, login=None, **variables):
        folder = tmp_path_factory.mktemp("setup")
        variables.setdefault("credential_inputs", INPUTS)
        named = {f"awx_setup_{name}": value for name, value in variables.items()}
        (folder / "awx.yml").write_text(json.dumps(named))
        arguments = ["-vvv", "--diff", "-i", "localhost,", "community.modelarts.awx_setup", "-e", "@awx.yml"]
        login = {"CONTROLLER_HOST": awx.url, "CONTROLLER_OAUTH_TOKEN": TOKEN, **(login or {})}
        awx.writes.clear()
        output = run("playbook", *arguments, folder=folder, status=status, **login)
        assert PASSWORD not in output
        assert TOKEN not in output
        assert READ_ONLY_TOKEN not in output
        assert AWX_PASSWORD not in output
        warnings = [line for line in output.splitlines() if "[WARNING]" in line]
        assert [line for line in warnings if not any(known in line for known in WARNINGS)] == []
        return output

    return setup


@pytest.fixture(scope="module")
def first(setup):
    """The output of the first run, with nothing but what has no default."""
    return setup()


def options_of(module):
    output = run("doc", "--json", "-t", "module", module, folder=COLLECTION.parents[2], HOME=os.environ["HOME"])
    return json.loads(output[output.index("{") :])[module]["doc"]["options"]


def test_each_argument_is_one_that_the_modules_document():
    (play,) = yaml.load(PLAYBOOK.read_text(), Loader=LOADER)
    tasks = [task for entry in play["tasks"] for task in entry.get("block", [entry])]
    used = [(name, value) for task in tasks for name, value in task.items() if name.startswith("awx.awx.")]
    assert len(used) == 13
    for module in sorted({name for name, _arguments in used}):
        options = options_of(module)
        defaults = play["module_defaults"].get(module, {})
        for arguments in [{**defaults, **arguments} for name, arguments in used if name == module]:
            assert arguments.keys() <= options.keys(), module
            assert {name for name, option in options.items() if option.get("required")} <= arguments.keys(), module
            for name, value in arguments.items():
                if "choices" in options[name] and "{{" not in str(value):
                    assert value in options[name]["choices"], (module, name)
    assert all(name in dict(used) for name in play["module_defaults"] if name.startswith("awx.awx."))


def test_the_guide_has_all_variables():
    guide = (COLLECTION / "docs/docsite/rst/awx.rst").read_text()
    (play,) = yaml.load(PLAYBOOK.read_text(), Loader=LOADER)
    inside = {
        f"awx_setup_{name}" for name in ("type", "questions", "survey", "host", "token", "user", "password", "url")
    }
    names = {name for name in play["vars"] if name.startswith("awx_setup_")} - inside
    assert set(re.findall(r"(?m)^   \* - ``(awx_setup_\w+)``$", guide)) == {*names, "awx_setup_credential_inputs"}


def test_its_syntax_is_right(tmp_path):
    run("playbook", "--syntax-check", "-i", "localhost,", PLAYBOOK, folder=tmp_path)


def test_it_sets_up_everything(awx, first):
    assert changed(first) == 11
    organization = awx.one("organizations", name="Default")["id"]
    kind = awx.one("credential_types")
    assert {name: kind[name] for name in TYPE} == TYPE
    credential = awx.one("credentials", name="ModelArts", organization=organization, credential_type=kind["id"])
    assert credential["inputs"] == {**INPUTS, "password": SECRET}
    assert awx.secrets[credential["id"]] == {"password": PASSWORD}
    inventory = awx.one("inventories", name="ModelArts", organization=organization)
    host = awx.one("hosts", name="localhost", inventory=inventory["id"])
    assert json.loads(host["variables"]) == {
        "ansible_connection": "local",
        "ansible_python_interpreter": "{{ ansible_playbook_python }}",
    }
    project = awx.one("projects", name="ModelArts", organization=organization)
    assert project["scm_type"] == "git"
    for name, credentials in (
        ("ModelArts: list specs", [credential["id"]]),
        ("ModelArts: pick a spec", [credential["id"]]),
        ("ModelArts: show the picked spec", []),
    ):
        template = awx.one("job_templates", name=name, inventory=inventory["id"], project=project["id"])
        assert awx.associated.get((template["id"], "credentials"), []) == credentials
    questions = [f"pick_spec_{name}" for name in QUESTIONS]
    pick = awx.one("job_templates", name="ModelArts: pick a spec")
    workflow = awx.one("workflow_job_templates", organization=organization)
    for asks in (pick, workflow):
        assert asks["survey_enabled"]
        assert [question["variable"] for question in awx.surveys[asks["id"]]["spec"]] == questions
    (question,) = awx.surveys[awx.one("job_templates", name="ModelArts: list specs")["id"]]["spec"]
    assert question["variable"] == "list_specs_job_type"
    nodes = {node["identifier"]: node for node in awx.all("workflow_job_template_nodes")}
    assert {node["workflow_job_template"] for node in nodes.values()} == {workflow["id"]}
    assert nodes["pick"]["unified_job_template"] == pick["id"]
    assert awx.associated[nodes["pick"]["id"], "success_nodes"] == [nodes["use"]["id"]]
    assert awx.items[nodes["use"]["unified_job_template"]]["name"] == "ModelArts: show the picked spec"


@pytest.mark.usefixtures("first")
def test_a_second_run_changes_nothing(awx, setup):
    before = state(awx)
    assert changed(setup()) == 0
    assert writes(awx) == []
    assert state(awx) == before


@pytest.mark.usefixtures("first")
def test_a_run_repairs_what_others_changed_and_no_more(awx, setup):
    pick = awx.one(
        "job_templates", name="ModelArts: pick a spec", organization=awx.one("organizations", name="Default")["id"]
    )
    node = awx.one("workflow_job_template_nodes", identifier="pick")
    awx.update(pick, {"allow_simultaneous": False})
    awx.surveys[pick["id"]]["spec"].pop()
    awx.associated[node["id"], "success_nodes"].clear()
    assert changed(setup()) == 2
    assert writes(awx) == [
        ("PATCH", pick["url"]),
        ("POST", pick["related"]["survey_spec"]),
        ("POST", f"{node['url']}success_nodes/"),
    ]


@pytest.mark.usefixtures("first")
def test_a_new_secret_is_stored_when_told_to(awx, setup):
    credential = awx.one("credentials")
    inputs = {**INPUTS, "password": "trainer-password-0002"}
    assert changed(setup(credential_inputs=inputs)) == 0
    assert awx.secrets[credential["id"]]["password"] == PASSWORD
    output = setup(credential_inputs=inputs, update_secrets=True)
    assert "trainer-password-0002" not in output
    assert changed(output) == 1
    assert awx.secrets[credential["id"]]["password"] == "trainer-password-0002"


@pytest.mark.usefixtures("first")
def test_organizations_may_use_the_same_names(awx, setup):
    assert changed(setup(organization="Third")) == 10
    third = awx.one("organizations", name="Third")["id"]
    for kind in ("credentials", "inventories", "projects", "workflow_job_templates"):
        assert len(awx.all(kind, organization=third)) == 1
    used = {template["inventory"] for template in awx.all("job_templates", organization=third)}
    assert used == {awx.one("inventories", organization=third)["id"]}


@pytest.mark.usefixtures("first")
def test_all_names_are_variables(awx, setup):
    known = set(awx.items)
    names = {name: f"My {name}" for name in (*NAMES, *TEMPLATES, "execution_environment")}
    more = {"execution_environment_image": "registry.example.com/modelarts:1", "organization": "Other"}
    more["next_template"] = names["list_template"]
    assert changed(setup(**names, **more)) == 12
    made = [
        item for number, item in awx.items.items() if number not in known and awx.kinds[number] != "project_updates"
    ]
    assert {item["name"] for item in made if "name" in item} == {*names.values(), "localhost"}
    other = awx.one("organizations", name="Other")["id"]
    assert {item.get("organization", other) for item in made} == {other}
    environment = awx.one("execution_environments", name=names["execution_environment"])
    templates = [item for item in made if awx.kinds[item["id"]] == "job_templates"]
    assert {item["execution_environment"] for item in templates} == {environment["id"]}
    workflow = awx.one("workflow_job_templates", name=names["workflow"])
    second = awx.one("workflow_job_template_nodes", identifier="use", workflow_job_template=workflow["id"])
    assert awx.items[second["unified_job_template"]]["name"] == names["list_template"]
    assert changed(setup(**names, **more)) == 0
    assert writes(awx) == []


BAD_INPUTS = {
    "none": ({}, "Set awx_setup_credential_inputs"),
    "empty": ({**INPUTS, "username": "", "password": ""}, "awx_setup_credential_inputs: empty: username, password"),
    "unknown": ({**INPUTS, "user": "trainer"}, "awx_setup_credential_inputs: unknown: user"),
}


@pytest.mark.parametrize("inputs, message", BAD_INPUTS.values(), ids=BAD_INPUTS)
def test_bad_inputs_are_named_before_anything_is_done(awx, setup, inputs, message):
    output = setup(status=2, credential_inputs=inputs)
    assert f'"msg": "{message}' in output
    assert "security_token" not in output, "a list of all fields hides which one is meant"
    assert awx.writes == []


@pytest.mark.parametrize("missing", ["CONTROLLER_HOST", "CONTROLLER_OAUTH_TOKEN"])
def test_a_missing_address_or_login_of_awx_is_named_before_anything_is_done(awx, setup, missing):
    output = setup(status=2, login={missing: ""})
    assert f'"msg": "Set {missing}' in output
    assert awx.writes == []


@pytest.mark.usefixtures("first")
def test_an_unknown_next_template_is_named_before_anything_is_done(awx, setup):
    output = setup(status=2, next_template="Create the trainign job")
    assert "awx_setup_next_template: organization Default has no template named 'Create the trainign job'" in output
    assert "Traceback" not in output
    assert awx.writes == []


@pytest.mark.usefixtures("first")
def test_an_unknown_organization_is_named(awx, setup):
    output = setup(status=2, organization="Missing")
    assert "Request to /api/v2/organizations/?name=Missing returned 0 items" in output
    assert "censored" not in output


@pytest.mark.usefixtures("first")
def test_a_token_that_may_only_read_is_a_reason_that_is_shown(awx, setup):
    inputs = {**INPUTS, "username": "other"}
    output = setup(status=2, login={"CONTROLLER_OAUTH_TOKEN": READ_ONLY_TOKEN}, credential_inputs=inputs)
    assert "You don't have permission to PATCH to /api/v2/credentials/" in output
    assert "censored" not in output


def test_a_first_sync_that_failed_is_made_up_for(awx, setup):
    awx.create("organizations", name="Fourth")
    awx.git_is_up = False
    output = setup(status=2, organization="Fourth")
    awx.git_is_up = True
    project = awx.one("projects", organization=awx.one("organizations", name="Fourth")["id"])
    (update,) = awx.all("project_updates", project=project["id"])
    message = re.findall(r'"msg": "(.*)"', output)[-1]
    assert message.startswith("The sync of the project ModelArts failed.")
    assert f"{awx.url}/#/jobs/project/{update['id']}/output" in message
    assert "community.modelarts.git" in message
    setup(organization="Fourth")
    assert project["scm_revision"] == awx.git_revision
    assert changed(setup(organization="Fourth")) == 0


@pytest.mark.usefixtures("first")
def test_a_run_takes_the_newest_commit(awx, setup):
    project = awx.one("projects", organization=awx.one("organizations", name="Default")["id"])
    awx.git_revision = "2" * 40
    assert changed(setup()) == 1
    assert project["scm_revision"] == awx.git_revision
    assert changed(setup()) == 0


@pytest.mark.usefixtures("first")
def test_a_later_sync_that_fails_points_to_its_job(awx, setup):
    awx.git_is_up = False
    output = setup(status=2)
    awx.git_is_up = True
    update = max(awx.all("project_updates"), key=lambda update: update["id"])
    assert update["failed"]
    assert f"{awx.url}/#/jobs/project/{update['id']}/output" in output


def test_what_is_left_out_again_is_reset(awx, setup):
    organization = awx.create("organizations", name="Fifth")["id"]
    git = awx.create("credential_types", name="Git", kind="scm", inputs={"fields": []})
    awx.create("credentials", name="My git", organization=organization, credential_type=git["id"])
    given = {"execution_environment": "Dead image", "execution_environment_image": "registry.example.com/dead:1"}
    setup(organization="Fifth", project_credential="My git", **given)
    project = awx.one("projects", organization=organization)
    templates = awx.all("job_templates", organization=organization)
    assert project["credential"] and all(template["execution_environment"] for template in templates)
    # As it is no longer of use, the project can be synchronized only without it.
    awx.dead_credentials.add(project["credential"])
    user = {"CONTROLLER_OAUTH_TOKEN": "", "CONTROLLER_USERNAME": USER, "CONTROLLER_PASSWORD": AWX_PASSWORD}
    assert changed(setup(organization="Fifth", login=user)) == 2
    assert project["credential"] is None
    assert [template["execution_environment"] for template in templates] == [None] * 3
    assert changed(setup(organization="Fifth")) == 0
    assert writes(awx) == []


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture(scope="module")
def secure(authority, tmp_path_factory):
    """An AWX that has a certificate of a private CA, and no organization, so that a run ends early."""
    pem = tmp_path_factory.mktemp("certificate") / "server.pem"
    authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(pem))
    with AWX([], str(pem)) as running:
        yield running


@pytest.mark.parametrize("way", ["SSL_CERT_FILE", "CONTROLLER_VERIFY_SSL", "neither"])
def test_certificates(secure, authority, setup, tmp_path, way):
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    values = {"SSL_CERT_FILE": str(file), "CONTROLLER_VERIFY_SSL": "false"}
    login = {"CONTROLLER_HOST": secure.url, **{name: value for name, value in values.items() if name == way}}
    # With a next template the first request is one of the playbook's own, else one of awx.awx.
    for template, reached in (
        ({"next_template": "Nobody's"}, "has no template named 'Nobody's'"),
        ({}, "Request to /api/v2/organizations/?name=Default returned 0 items, expected 1"),
    ):
        output = setup(status=2, login=login, **template)
        assert (reached in output) is (way != "neither"), output
        assert ("CERTIFICATE_VERIFY_FAILED" in output) is (way == "neither"), output


@pytest.mark.usefixtures("first")
def test_the_workflow_hands_the_pick_to_its_second_node(awx, tmp_path):
    # As AWX does, with the checkout as its project: it installs what the project requires, and looks there first.
    requirements = COLLECTION / "collections/requirements.yml"
    installed = str(tmp_path / "requirements_collections")
    arguments = ["collection", "install", "-r", requirements, "--collections-path", installed]
    run("galaxy", *arguments, folder=COLLECTION, collections=installed, HOME=str(tmp_path))
    answers = {"job_type": "train", "gpu_types": "v100", "gpus": 1, "memory_gb": 32.5, "nodes": 2}
    answers = {f"pick_spec_{name}": answer for name, answer in answers.items()}
    artifacts = {}
    outputs = []
    workflow = awx.one("workflow_job_templates", organization=awx.one("organizations", name="Default")["id"])
    nodes = {
        node["identifier"]: node
        for node in awx.all("workflow_job_template_nodes", workflow_job_template=workflow["id"])
    }
    with StandIn() as cloud:
        names = ("username", "password", "user_domain_name", "project_name")
        login = {f"OS_{name.upper()}": cloud.account[name] for name in names}
        for identifier in ("pick", "use"):
            template = awx.items[nodes[identifier]["unified_job_template"]]
            host = awx.one("hosts", inventory=template["inventory"])
            inventory = {"all": {"hosts": {host["name"]: json.loads(host["variables"])}}}
            (tmp_path / "inventory.json").write_text(json.dumps(inventory))
            extra = {**json.loads(template["extra_vars"] or "{}"), **artifacts, **answers}
            (tmp_path / "extra.json").write_text(json.dumps(extra))
            credentials = login if awx.associated.get((template["id"], "credentials")) else {}
            arguments = ["-i", "inventory.json", COLLECTION / template["playbook"], "-e", "@extra.json"]
            outputs.append(
                run(
                    *["playbook", *arguments],
                    folder=tmp_path,
                    collections=installed,
                    **{"ANSIBLE_SHOW_CUSTOM_STATS": "1", "OS_AUTH_URL": cloud.auth_url, **credentials},
                )
            )
            if stats := re.search(r"^\s*RUN: (\{.*)$", outputs[-1], re.MULTILINE):
                artifacts.update(json.loads(stats.group(1)))
    assert artifacts["modelarts_spec_code"] == "modelarts.vm.gpu.v100"
    assert artifacts["modelarts_spec_id"]
    shown = [output.partition("TASK [Show")[2].partition("PLAY RECAP")[0] for output in outputs]
    for text in shown:
        # A number, whatever the version of ansible-core.
        assert re.search(r'"spec_id": 4\b', text), text
        assert '"spec_code": "modelarts.vm.gpu.v100"' in text
    assert re.search(r'"most_nodes": \d', shown[0]), shown[0]
    assert '"nodes": "2 of at most' in shown[1]
    assert cloud.account["password"] not in "".join(outputs)
