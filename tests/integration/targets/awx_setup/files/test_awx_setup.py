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
GUIDE = (COLLECTION / "docs/docsite/rst/awx.rst").read_text()
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
NEEDS = ("gpu_types", "gpus", "cores", "memory_gb", "nodes")
PICK_QUESTIONS = [f"pick_spec_{name}" for name in ("source", "job_type", *NEEDS, "wait")]
JOB_QUESTIONS = [
    f"train_{name}"
    for name in (
        *("name", "image", "command", "engine_id", "code_dir", "boot_file", "algorithm_id", "parameters"),
        *("environments", "data_url", "output_url", "log_url", "pending_timeout", "wait_for", "wait_timeout"),
        "on_existing",
    )
]
TEMPLATES = ("list_template", "pick_template", "train_template", "attempts_template", "show_template")
# As PyYAML's own, and texts that Ansible shall not evaluate are texts.
CONSTRUCTORS = {**yaml.SafeLoader.yaml_constructors, "!unsafe": yaml.SafeLoader.construct_yaml_str}
LOADER = type("Loader", (yaml.SafeLoader,), {"yaml_constructors": CONSTRUCTORS})


def run(program, *arguments, folder, collections=COLLECTIONS, status=0, **environment):
    """Run a program of ansible-core and give its output. ``status`` is None where any will do."""
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
    assert status in (None, done.returncode), done.stdout
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
    assert len(used) == 16
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
    (play,) = yaml.load(PLAYBOOK.read_text(), Loader=LOADER)
    inside = {
        f"awx_setup_{name}"
        for name in ("type", "survey", "train_needs", "training_lists", "host", "token", "user", "password", "url")
    }
    inside |= {f"awx_setup_{name}questions" for name in ("", "job_", "train_", "workflow_")}
    names = {name for name in play["vars"] if name.startswith("awx_setup_")} - inside
    assert set(re.findall(r"(?m)^   \* - ``(awx_setup_\w+)``$", GUIDE)) == {*names, "awx_setup_credential_inputs"}


def test_its_syntax_is_right(tmp_path):
    run("playbook", "--syntax-check", "-i", "localhost,", PLAYBOOK, folder=tmp_path)


def test_it_sets_up_everything(awx, first):
    assert changed(first) == 14
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
        ("ModelArts: run a training job", [credential["id"]]),
        ("ModelArts: show the attempts", []),
        ("ModelArts: show the picked spec", []),
    ):
        template = awx.one("job_templates", name=name, inventory=inventory["id"], project=project["id"])
        assert awx.associated.get((template["id"], "credentials"), []) == credentials
    pick = awx.one("job_templates", name="ModelArts: pick a spec")
    train = awx.one("job_templates", name="ModelArts: run a training job")
    workflow = awx.one("workflow_job_templates", organization=organization)
    # What the job is, then what it needs, which in the workflow the first node knows.
    for asks, questions in (
        (pick, PICK_QUESTIONS),
        (train, [*JOB_QUESTIONS, "train_api", *(f"train_{name}" for name in NEEDS)]),
        (workflow, [name for name in PICK_QUESTIONS if name != "pick_spec_job_type"] + JOB_QUESTIONS),
    ):
        assert asks["survey_enabled"]
        survey = {question["variable"]: question for question in awx.surveys[asks["id"]]["spec"]}
        assert list(survey) == questions
        assert [name for name, question in survey.items() if question["required"]] == ["train_name"] * (
            asks is not pick
        )
        assert [name for name, question in survey.items() if question["type"] == "password"] == [
            "train_environments"
        ] * (asks is not pick)
    listing = awx.surveys[awx.one("job_templates", name="ModelArts: list specs")["id"]]["spec"]
    assert [question["variable"] for question in listing] == ["list_specs_source", "list_specs_job_type"]
    nodes = {node["identifier"]: node for node in awx.all("workflow_job_template_nodes")}
    assert {node["workflow_job_template"] for node in nodes.values()} == {workflow["id"]}
    assert nodes["pick"]["unified_job_template"] == pick["id"]
    assert awx.associated[nodes["pick"]["id"], "success_nodes"] == [nodes["use"]["id"]]
    assert nodes["use"]["unified_job_template"] == train["id"]
    assert awx.associated[nodes["use"]["id"], "failure_nodes"] == [nodes["attempts"]["id"]]
    assert awx.items[nodes["attempts"]["unified_job_template"]]["name"] == "ModelArts: show the attempts"


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
    assert changed(setup(organization="Third")) == 13
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
    assert changed(setup(**names, **more)) == 15
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
    assert [template["execution_environment"] for template in templates] == [None] * 5
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


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Where AWX installs what the project requires, with the checkout as the project. It looks there first."""
    folder = tmp_path_factory.mktemp("project")
    requirements = COLLECTION / "collections/requirements.yml"
    installed = str(folder / "requirements_collections")
    arguments = ["collection", "install", "-r", requirements, "--collections-path", installed]
    run("galaxy", *arguments, folder=COLLECTION, collections=installed, HOME=str(folder))
    return installed


@pytest.fixture
def cloud():
    with StandIn() as running:
        # The module for training jobs sleeps in real time.
        running.clock(scale=1)
        running.job_settings(running_seconds=None)
        yield running


@pytest.fixture
def run_workflow(awx, installed, cloud, tmp_path):
    """Run the workflow of an organization as AWX does. Returns the output of each playbook, and the artifacts.

    What is not answered is as the survey of the workflow has it, or else that of the template. What a node hands over
    becomes extra variables of those after it.
    """

    def follow(organization, **answers):
        owner = awx.one("organizations", name=organization)["id"]
        workflow = awx.one("workflow_job_templates", organization=owner)
        questions = awx.surveys[workflow["id"]]["spec"]
        assert answers.keys() <= {question["variable"] for question in questions}
        defaults = {question["variable"]: question["default"] for question in questions if question.get("default")}
        login = cloud.login_environment()
        nodes = awx.all("workflow_job_template_nodes", workflow_job_template=workflow["id"])
        following = {number for numbers in awx.associated.values() for number in numbers}
        (node,) = [node["id"] for node in nodes if node["id"] not in following]
        artifacts, outputs = {}, {}
        while node:
            template = awx.items[awx.items[node]["unified_job_template"]]
            host = awx.one("hosts", inventory=template["inventory"])
            inventory = {"all": {"hosts": {host["name"]: json.loads(host["variables"])}}}
            (tmp_path / "inventory.json").write_text(json.dumps(inventory))
            asked = awx.surveys.get(template["id"], {"spec": []})["spec"]
            of_template = {question["variable"]: question["default"] for question in asked if question.get("default")}
            of_template.update(json.loads(template["extra_vars"] or "{}"))
            extra = {**of_template, **artifacts, **defaults, **answers}
            (tmp_path / "extra.json").write_text(json.dumps(extra))
            credentials = login if awx.associated.get((template["id"], "credentials")) else {}
            arguments = ["-i", "inventory.json", COLLECTION / template["playbook"], "-e", "@extra.json"]
            environment = {"ANSIBLE_SHOW_CUSTOM_STATS": "1", **credentials}
            output = run("playbook", *arguments, folder=tmp_path, collections=installed, status=None, **environment)
            failed = re.search(r"failed=(\d+)", output).group(1) != "0"
            outputs[template["playbook"].removeprefix("playbooks/")] = output
            if stats := re.search(r"^\s*RUN: (\{.*)$", output, re.MULTILINE):
                artifacts.update(json.loads(stats.group(1)))
            (node,) = awx.associated.get((node, "failure_nodes" if failed else "success_nodes"), []) or [None]
        assert cloud.account["password"] not in "".join(outputs.values())
        return outputs, artifacts

    return follow


def shown(output):
    """What the last task of a playbook shows."""
    return output.rpartition("TASK [Show")[2].partition("PLAY RECAP")[0]


JOB = {"train_name": "mnist", "train_image": "group/mnist:1", "train_command": "python train.py"}


@pytest.mark.usefixtures("first")
@pytest.mark.parametrize("source, api", [("training_job_flavors", "v2"), ("resource_specs", "v1")])
def test_the_workflow_runs_a_training_job_with_its_pick(run_workflow, cloud, source, api):
    # The default of its survey.
    chosen = {} if api == "v2" else {"pick_spec_source": source}
    more = {**chosen, **JOB, "train_data_url": "/bucket/data/"}
    outputs, artifacts = run_workflow("Default", pick_spec_cores=8, pick_spec_nodes=2, **more)
    assert list(outputs) == ["pick_spec.yml", "train.yml"]
    assert artifacts["modelarts_spec_code"] == artifacts["modelarts_job_spec_code"] == "modelarts.vm.cpu.8u"
    (job,) = cloud.jobs()
    assert (job["api"], job["spec"], job["nodes"]) == (api, "modelarts.vm.cpu.8u", 2)
    assert '"phase": "running"' in shown(outputs["train.yml"])


@pytest.mark.usefixtures("first")
def test_the_answers_of_the_guide_run_a_job(awx, run_workflow, cloud):
    section = GUIDE.partition("From a pick to a running job\n-----")[2].partition("1. The node")[0]
    answers = dict(re.findall(r"(?m)^   \* - (.+)\n     - ``(.+)``$", section))
    (questions,) = [
        {question["question_name"]: question["variable"] for question in awx.surveys[workflow["id"]]["spec"]}
        for workflow in awx.all("workflow_job_templates", name="ModelArts: pick a spec and use it")
        if awx.items[workflow["organization"]]["name"] == "Default"
    ]
    assert len(answers) == 5
    outputs, artifacts = run_workflow("Default", **{questions[name]: answer for name, answer in answers.items()})
    assert list(outputs) == ["pick_spec.yml", "train.yml"]
    assert '"phase": "running",\n' in shown(outputs["train.yml"])
    assert f'"spec_code": "{artifacts["modelarts_job_spec_code"]}"' in GUIDE


@pytest.mark.usefixtures("first")
def test_the_guide_names_the_questions_of_the_surveys(awx):
    documented = re.findall(r"(?m)^   \* - (.+)\n     - ``((?:pick_spec|train)_\w+)``$", GUIDE)
    pick = awx.surveys[awx.all("job_templates", name="ModelArts: pick a spec")[0]["id"]]["spec"]
    train = awx.surveys[awx.all("job_templates", name="ModelArts: run a training job")[0]["id"]]["spec"]
    asked = [(question["question_name"], question["variable"]) for question in [*pick, *train]]
    assert documented == [pair for pair in asked if pair[1] not in {"train_api", *(f"train_{name}" for name in NEEDS)}]


@pytest.mark.usefixtures("first")
def test_the_workflow_shows_the_attempts_of_a_job_that_fails(run_workflow, cloud):
    cloud.refuse("2788", times=None)
    outputs, _artifacts = run_workflow("Default", pick_spec_cores=8, **JOB)
    assert list(outputs) == ["pick_spec.yml", "train.yml", "show_attempts.yml"]
    assert "modelarts.vm.cpu.8u: refused" in shown(outputs["show_attempts.yml"])


def test_a_workflow_that_shows_the_pick(awx, setup, run_workflow):
    awx.create("organizations", name="Sixth")
    setup(organization="Sixth", next_template="ModelArts: show the picked spec")
    assert changed(setup(organization="Sixth", next_template="ModelArts: show the picked spec")) == 0
    answers = {"job_type": "train", "gpu_types": "v100", "gpus": 1, "memory_gb": 32.5, "nodes": 2}
    outputs, artifacts = run_workflow("Sixth", **{f"pick_spec_{name}": answer for name, answer in answers.items()})
    assert list(outputs) == ["pick_spec.yml", "show_picked_spec.yml"]
    assert artifacts["modelarts_spec_code"] == "modelarts.vm.gpu.v100"
    assert artifacts["modelarts_spec_id"]
    pick, use = map(shown, outputs.values())
    for text in (pick, use):
        # A number, whatever the version of ansible-core.
        assert re.search(r'"spec_id": 4\b', text), text
        assert '"spec_code": "modelarts.vm.gpu.v100"' in text
    assert re.search(r'"most_nodes": \d', pick), pick
    assert '"nodes": "2 of at most' in use
