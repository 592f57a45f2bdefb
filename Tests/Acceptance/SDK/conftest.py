"""One host and one scripted upstream for all tests; each test scripts its own answers.

With PRAX_SDK_DIRECT=1 the clients ask the upstream itself: the tests of a vendor's own client with a vendor's own answers
must then pass as well, or they ask more of the host than of the vendor. The others are left out, and counted.
"""

import asyncio
import os
import pathlib
import sys

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "Lab")]
import anthropic  # noqa: E402
import openai  # noqa: E402
from gateway import Gateway  # noqa: E402
from upstream import Upstream  # noqa: E402

IS_DIRECT = os.environ.get("PRAX_SDK_DIRECT") == "1"

# Route, entry, plugin, path below the upstream, models.
VENDORS = [
    ("gpt", "openai_up", "openai", "openai/v1", "gpt-lab", ["gpt-lab-mini", "embed-lab"]),
    ("claude", "anthropic_up", "anthropic", "anthropic", "claude-lab", []),
    ("gem", "gemini_up", "gemini", "gemini", "gemini-lab", ["gemini-embed-lab"]),
    ("llama", "ollama_up", "ollama", "ollama", "llama-lab", ["llama-embed-lab"]),
]

# Said by a test in a prompt, an answer and an error.
CANARY = "canary-7c1e55"


def providers_file(upstream):
    lines, routes = ["providers:"], ["routes:"]
    for priority, (route, entry, plugin, path, model, more) in enumerate(VENDORS, start=1):
        lines += [
            f"  - name: {entry}",
            f"    type: {plugin}",
            f'    base_url: "{upstream.base_url(path)}"',
            f"    model: {model}",
            f"    models: [{', '.join([model, *more])}]",
            f"    priority: {priority}",
            f"    api_key_env: LAB_{plugin.upper()}_KEY",
        ]
        routes.append(f"  {route}: {{ providers: [{entry}], retries: 0, attempts: 1, on_cut: error, persona: false }}")
    routes.append("  vectors: { providers: [openai_up/embed-lab], retries: 0, attempts: 1 }")
    # An entry that nobody answers.
    lines += ["  - name: nowhere", "    type: openai", '    base_url: "http://127.0.0.1:9/v1"', "    model: nothing",
              '    priority: 9', '    api_key_env: ""']
    routes.append("  nobody: { providers: [nowhere], retries: 0, attempts: 1 }")
    # Each test looks at one failure: none of them may keep the next from the upstream.
    return "\n".join([*lines, *routes, "breaker: { failures: 10000, window_s: 1, open_s: 1 }", ""])


def pytest_configure(config):
    config.addinivalue_line("markers", "host: needs the host and not only a vendor")
    config.addinivalue_line("markers", "provider(name): needs this provider plugin")


def pytest_collection_modifyitems(config, items):
    if not IS_DIRECT:
        return
    left_out = [item for item in items if item.get_closest_marker("host")]
    items[:] = [item for item in items if not item.get_closest_marker("host")]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def shared_upstream():
    upstream = Upstream()
    yield upstream
    upstream.close()


@pytest.fixture(scope="session")
def gateway(shared_upstream):
    if IS_DIRECT:
        yield None
        return
    keys = {f"LAB_{vendor[2].upper()}_KEY": f"lab-{vendor[2]}-key" for vendor in VENDORS}
    with Gateway({"config/providers.yaml": providers_file(shared_upstream)}, environment=keys) as gateway:
        yield gateway
        assert gateway.is_running, "prax-host has ended during the tests\n" + gateway.log
        # Whatever happened above: neither keys nor what was said are kept anywhere.
        for secret in [*keys.values(), gateway.key, CANARY]:
            assert gateway.places_of(secret) == [], secret


@pytest.fixture(autouse=True)
def needed_provider(request, gateway):
    """Leaves out, and says so, what a host without that plugin cannot do."""
    needed = request.node.get_closest_marker("provider")
    if needed and gateway and not gateway.has_plugin(needed.args[0]):
        pytest.skip(f"this host has no provider plugin {needed.args[0]}")


@pytest.fixture
def upstream(shared_upstream):
    shared_upstream.forget()
    return shared_upstream


def address(gateway, upstream, vendor):
    if IS_DIRECT:
        return upstream.base_url(vendor), f"lab-{vendor}-key"
    return gateway.url, gateway.key


@pytest.fixture
def openai_settings(gateway, shared_upstream):
    url, key = address(gateway, shared_upstream, "openai")
    return {"base_url": url + "/v1", "api_key": key, "max_retries": 0, "timeout": 20}


@pytest.fixture
def anthropic_settings(gateway, shared_upstream):
    url, key = address(gateway, shared_upstream, "anthropic")
    return {"base_url": url, "api_key": key, "max_retries": 0, "timeout": 20}


@pytest.fixture
def openai_client(openai_settings):
    with openai.OpenAI(**openai_settings) as client:
        yield client


@pytest.fixture
def anthropic_client(anthropic_settings):
    with anthropic.Anthropic(**anthropic_settings) as client:
        yield client


@pytest.fixture
def chat(openai_client):
    """`chat("hello", …)`: a chat completion of the route `gpt`."""

    def ask(text="Hello", model="gpt", **members):
        return openai_client.chat.completions.create(
            model=model, messages=members.pop("messages", [{"role": "user", "content": text}]), **members
        )

    return ask


@pytest.fixture
def converse(anthropic_client):
    """`converse("hello", …)`: a message of the route `claude`."""

    def ask(text="Hello", model="claude", **members):
        return anthropic_client.messages.create(
            model=model, max_tokens=members.pop("max_tokens", 64),
            messages=members.pop("messages", [{"role": "user", "content": text}]), **members,
        )

    return ask


@pytest.fixture
def run():
    return asyncio.run
