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
import yaml

COLLECTION = Path(os.environ["PYTEST_COLLECTION"])
OTHER_COLLECTIONS = Path(os.environ["PYTEST_OTHER_COLLECTIONS"])
COLLECTIONS = os.pathsep.join(map(str, (COLLECTION.parents[2], OTHER_COLLECTIONS)))
sys.path[:0] = [str(Path(__file__).parent), str(COLLECTION / "tests/standin")]

from awx_api import AWX, SECRET, TOKEN  # noqa: E402
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
NAMES = ("credential_type", "credential", "inventory", "project", "workflow")
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
    """Runs the playbook with variables, and tells what it said and how often it wrote."""

    def setup(status=0, **variables):
        folder = tmp_path_factory.mktemp("setup")
        variables.setdefault("credential_inputs", INPUTS)
        named = {f"awx_setup_{name}": value for name, value in variables.items()}
        (folder / "awx.yml").write_text(json.dumps(named))
        arguments = ["-vvv", "-i", "localhost,", "community.modelarts.awx_setup", "-e", "@awx.yml"]
        login = {"CONTROLLER_HOST": awx.url, "CONTROLLER_OAUTH_TOKEN": TOKEN}
        awx.writes.clear()
        output = run("playbook", *arguments, folder=folder, status=status, **login)
        assert PASSWORD not in output
        assert TOKEN not in output
        assert "[WARNING]" not in output or "encrypted data" in output, output
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
    used = [(name, value) for task in play["tasks"] for name, value in task.items() if name.startswith("awx.awx.")]
    assert len(used) == len(play["tasks"]) - 1
    for module in sorted({name for name, _arguments in used}):
        options = options_of(module)
        defaults = play["module_defaults"].get(module, {})
        for arguments in [{**defaults, **arguments} for name, arguments in used if name == module]:
            assert arguments.keys() <= options.keys(), module
            assert {name for name, option in options.items() if option.get("required")} <= arguments.keys(), module
            for name, value in arguments.items():
                if "choices" in options[name] and "{{" not in str(value):
                    assert value in options[name]["choices"], (module, name)
    assert all(name in dict(used) for name in play["module_defaults"])


def test_the_guide_has_all_variables():
    guide = (COLLECTION / "docs/docsite/rst/awx.rst").read_text()
    (play,) = yaml.load(PLAYBOOK.read_text(), Loader=LOADER)
    inside = {"awx_setup_type", "awx_setup_questions", "awx_setup_survey"}
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
    names = ("job_type", "gpu_types", "gpus", "cores", "memory_gb", "nodes", "wait")
    questions = [f"pick_spec_{name}" for name in names]
    listed = awx.one("job_templates", name="ModelArts: list specs")
    assert [question["variable"] for question in awx.surveys[listed["id"]]["spec"]] == ["list_specs_job_type"]
    pick = awx.one("job_templates", name="ModelArts: pick a spec")
    workflow = awx.one("workflow_job_templates", organization=organization)
    for asks in (pick, workflow):
        assert asks["survey_enabled"]
        assert [question["variable"] for question in awx.surveys[asks["id"]]["spec"]] == questions
    nodes = {node["identifier"]: node for node in awx.all("workflow_job_template_nodes")}
    assert {node["workflow_job_template"] for node in nodes.values()} == {workflow["id"]}
    assert nodes["pick"]["unified_job_template"] == pick["id"]
    assert awx.associated[nodes["pick"]["id"], "success_nodes"] == [nodes["use"]["id"]]
    assert awx.items[nodes["use"]["unified_job_template"]]["name"] == "ModelArts: show the picked spec"


@pytest.mark.usefixtures("first")
def test_a_second_run_changes_nothing(awx, setup):
    before = copy.deepcopy((awx.items, awx.surveys, awx.associated, awx.secrets))
    assert changed(setup()) == 0
    assert awx.writes == []
    assert (awx.items, awx.surveys, awx.associated, awx.secrets) == before


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
    assert awx.writes == [
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
    assert awx.writes == []


@pytest.mark.parametrize("inputs", [{}, {**INPUTS, "username": ""}, {**INPUTS, "user": "trainer"}])
def test_inputs_that_cannot_be_right_are_refused_before_anything_is_done(awx, setup, inputs):
    assert "Give awx_setup_credential_inputs" in setup(status=2, credential_inputs=inputs)
    assert awx.writes == []


@pytest.mark.usefixtures("first")
def test_the_workflow_hands_the_pick_to_its_second_node(awx, tmp_path):
    # As AWX does, with the checkout as its project: it installs what the project requires, and looks there first.
    requirements = COLLECTION / "collections/requirements.yml"
    installed = str(tmp_path / "requirements_collections")
    arguments = ["collection", "install", "-r", requirements, "--collections-path", installed]
    run("galaxy", *arguments, folder=COLLECTION, collections=installed, HOME=str(tmp_path))
    answers = {"job_type": "train", "gpu_types": "v100", "gpus": 1, "memory_gb": 32.5, "nodes": 2}
    answers = {f"pick_spec_{name}": value for name, value in answers.items()}
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
    assert f'"spec_id": {json.dumps(artifacts["modelarts_spec_id"])}' in outputs[1]
    assert '"spec_code": "modelarts.vm.gpu.v100"' in outputs[1]
    assert '"nodes": "2 of at most' in outputs[1]
    assert cloud.account["password"] not in "".join(outputs)
