"""How each gateway is started for the bench: the host as an operator runs it, the peers as they come, on the loopback."""

import json
import os
import pathlib
import shutil
import subprocess

PROVIDER_PORT, HOST_PORT, NGINX_PORT, FERROGW_PORT, SMG_PORT, LITELLM_PORT = 18200, 18201, 18202, 18203, 18204, 18205
PROVIDER = f"127.0.0.1:{PROVIDER_PORT}"

PROVIDERS = f"""providers:
  - {{ name: bench, type: openai, base_url: "http://{PROVIDER}/v1", model: bench-model, priority: 1, api_key_env: BENCH_KEY }}
routes:
  bench-route: {{ providers: [bench], retries: 2, attempts: 6 }}
"""


# High enough never to be met: what is measured is that they are kept.
LIMITS = ["--rpm", "100000000", "--tpm", "1000000000", "--concurrency", "100000", "--budget", "1000000/month"]
PRICES = "prices:\n  - { model: bench-model, input: 0.10, output: 0.20, cached_input: 0.05 }\n"


def write(scratch, name, text):
    path = pathlib.Path(scratch, name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return str(path)


def host(binary, scratch):
    """With a developer's key that has limits and a budget, and prices, so that every request is counted."""
    root = os.path.join(scratch, "prax")
    write(root, "config/providers.yaml", PROVIDERS)
    write(root, "config/prices.yaml", PRICES)
    environment = {"BENCH_KEY": "sk-bench", "LOG_LEVEL": "error"}
    created = subprocess.run(
        [binary, "--root", root, "keys", "create", "--name", "bench", "--role", "developer", *LIMITS],
        capture_output=True, text=True, check=True, env={**os.environ, **environment},
    )
    key = created.stdout.strip().splitlines()[-1]
    return {
        "name": "prax", "port": HOST_PORT, "headers": [f"Authorization: Bearer {key}"], "model": "bench-route",
        "command": [binary, "--root", root, "serve", "--port", str(HOST_PORT)], "environment": environment,
    }


def gateways(binary, repository, scratch):
    """By name, what describes each; the host is made an installation when it is asked."""
    return {
        "prax": lambda: host(binary, scratch),
        "nginx": lambda: nginx(scratch),
        "ferrogw": lambda: ferrogw(repository, scratch),
        "smg": lambda: smg(repository),
        "litellm": lambda: litellm(repository, scratch),
    }


def installed(repository, name, program):
    path = os.path.join(repository, ".build-lab", "peer-" + name, "bin", program)
    return path if os.path.exists(path) else None


def nginx(scratch):
    """One worker, kept-alive connections to the provider, nothing buffered."""
    user = "user root;" if os.geteuid() == 0 else ""
    config = write(scratch, "nginx/nginx.conf", f"""worker_processes 1; {user} pid nginx.pid; error_log stderr crit; daemon off;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  upstream provider {{ server {PROVIDER}; keepalive 512; keepalive_requests 1000000000; }}
  server {{
    listen 127.0.0.1:{NGINX_PORT} backlog=4096;
    location / {{
      proxy_pass http://provider; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
    }}
  }}
}}
""")
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    return {
        "name": "nginx", "port": NGINX_PORT, "headers": [], "model": "bench-model", "missing": program is None,
        "command": [program, "-p", os.path.dirname(config), "-c", config, "-e", "stderr"],
    }


def ferrogw(repository, scratch):
    """A gateway in Go: a master key, its stores in memory, its logs off, its rate limit lifted."""
    program = installed(repository, "ferrogw", "ferrogw")
    config = write(scratch, "ferrogw/config.yaml", "strategy: { mode: fallback }\ntargets: [{ virtual_key: openai }]\n")
    return {
        "name": "ferrogw", "port": FERROGW_PORT, "headers": ["Authorization: Bearer fgw_bench"], "model": "gpt-4o",
        "missing": program is None, "command": [program, "serve"], "folder": os.path.dirname(config),
        "environment": {
            "OPENAI_API_KEY": "sk-bench", "OPENAI_BASE_URL": f"http://{PROVIDER}/v1", "MASTER_KEY": "fgw_bench",
            "GATEWAY_CONFIG": config, "LOG_LEVEL": "error", "PORT": str(FERROGW_PORT),
            "RATE_LIMIT_RPS": "10000000", "RATE_LIMIT_BURST": "10000000",
        },
    }


def smg(repository):
    """A gateway in Rust: an API key, one worker's address, its logs off."""
    program = installed(repository, "smg", "smg")
    return {
        "name": "smg", "port": SMG_PORT, "headers": ["Authorization: Bearer bench-key"], "model": "bench-model",
        "missing": program is None,
        "command": [
            python_of(program), program, "launch", "--host", "127.0.0.1", "--port", str(SMG_PORT), "--worker-urls",
            f"http://{PROVIDER}", "--backend", "openai", "--api-key", "bench-key", "--log-level", "error",
            "--prometheus-host", "127.0.0.1", "--prometheus-port", str(SMG_PORT + 10),
        ],
    }


def litellm(repository, scratch):
    """A gateway in Python: one worker, a master key, no database."""
    program = installed(repository, "litellm", "litellm")
    config = write(scratch, "litellm/config.yaml", json.dumps({
        "model_list": [{
            "model_name": "bench-model",
            "litellm_params": {
                "model": "openai/bench-model", "api_base": f"http://{PROVIDER}/v1", "api_key": "sk-bench",
            },
        }],
        "general_settings": {"master_key": "sk-bench-master"},
    }))
    return {
        "name": "litellm", "port": LITELLM_PORT, "headers": ["Authorization: Bearer sk-bench-master"],
        "model": "bench-model", "missing": program is None,
        "command": [
            python_of(program), program, "--config", config, "--host", "127.0.0.1", "--port", str(LITELLM_PORT),
            "--num_workers", "1", "--telemetry", "False",
        ],
        "environment": {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR"},
    }


def python_of(program):
    """The interpreter beside a script: the folder may have moved since it was installed."""
    return os.path.join(os.path.dirname(program), "python") if program else None
