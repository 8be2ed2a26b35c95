# SPDX-FileCopyrightText: 2026 community.modelarts contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection's lookups share: options from keywords, variables, environment and ansible.cfg, and errors."""

from __future__ import annotations

import abc
import typing as t

from ansible import constants as C
from ansible.errors import AnsibleLookupError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError
from ansible.plugins.lookup import LookupBase

from ansible_collections.community.modelarts.plugins.module_utils import options
from ansible_collections.community.modelarts.plugins.module_utils.ambient import Ambient
from ansible_collections.community.modelarts.plugins.module_utils.errors import ModelArtsError, OptionsError
from ansible_collections.community.modelarts.plugins.plugin_utils import caching


class ModelArtsLookup(LookupBase):
    """A lookup whose terms are job types. A subclass says in ``ask`` what is done with the options."""

    @abc.abstractmethod
    def ask(self, queries: list[dict[str, t.Any]]) -> list[t.Any]:
        """The lookup's result; ``queries`` has the parsed options for each term, or once where there is none.

        May raise ModelArtsError.
        """

    def run(self, terms: list[t.Any], variables: t.Any = None, **kwargs: t.Any) -> list[t.Any]:
        """Ansible's entry. Every failure becomes an AnsibleLookupError here."""
        try:
            if terms and kwargs.get("job_type") is not None:
                raise OptionsError("job_type is given twice: as a term and as a keyword")
            return self.ask(self._queries(self._flatten(terms), self._parameters(variables or {}, kwargs)))
        except ModelArtsError as error:
            raise AnsibleLookupError(str(error)) from None

    def _queries(self, terms: list[t.Any], parameters: dict[str, t.Any]) -> list[dict[str, t.Any]]:
        return [_validated({**parameters, "job_type": term}) for term in terms] or [_validated(parameters)]

    def _parameters(self, variables: t.Mapping[str, t.Any], keywords: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """The options that keywords, variables and ansible.cfg give, unparsed. Parsing adds those of the environment.

        ``set_options`` of Ansible is not used, because it does not render templates in variables, parses before they
        are rendered, and lets an environment variable win that is set but empty.
        """
        parameters = {name: value for name, value in keywords.items() if value is not None and value != ""}
        absent = [name for name in arguments()["argument_spec"] if name not in parameters]
        for option in absent:
            if f"modelarts_{option}" in variables:
                value = self._templar.template(variables[f"modelarts_{option}"])
                if value is not None and value != "":
                    parameters[option] = value
        self._add_configured(parameters, [option for option in absent if option not in parameters])
        return parameters

    def _add_configured(self, parameters: dict[str, t.Any], absent: list[str]) -> None:
        """Add what the section ``modelarts`` of ansible.cfg gives, where the environment does not say otherwise."""
        sources = {option: {"ini": [{"section": "modelarts", "key": option}]} for option in CONFIGURABLE}
        C.config.initialize_plugin_configuration_definitions(self.plugin_type, self._load_name, sources)
        for option in absent:
            if option in sources and options.from_environment(option) is None:
                value = C.config.get_config_value(option, plugin_type=self.plugin_type, plugin_name=self._load_name)
                if value is not None:
                    parameters[option] = Ambient(value)


# What ansible.cfg can hold: how to reach the cloud, and how to cache, but no secret.
CONFIGURABLE = tuple(
    option
    for spec in (options.connection(), caching.ARGUMENTS)
    for option, properties in spec.items()
    if not properties.get("no_log")
)


def arguments() -> dict[str, t.Any]:
    """What ``ArgumentSpecValidator`` takes: the options of the module, and those that only a lookup has."""
    of_the_module = options.arguments()
    return {**of_the_module, "argument_spec": {**of_the_module["argument_spec"], **caching.ARGUMENTS}}


def _validated(parameters: dict[str, t.Any]) -> dict[str, t.Any]:
    """The options as a module would get them, by the same argument spec. Raises OptionsError, in Ansible's words."""
    result = ArgumentSpecValidator(**arguments()).validate(parameters)
    messages = [
        f"Unsupported option: {error}" if isinstance(error, UnsupportedError) else str(error) for error in result.errors
    ]
    if messages:
        raise OptionsError("; ".join(messages))
    return dict(result.validated_parameters)
