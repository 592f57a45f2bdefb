#!/usr/bin/env python3
"""Measures the store's commands beside the ordinary tools, and prints one line a figure with its goal.

usage: store_bench.py PRAX_HOST REPOSITORY
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

sys.stdout.reconfigure(line_buffering=True)

ROUNDS = 9
PACKAGE_BYTES = 5 << 20
INDEX_PACKAGES = 10_000

SOURCE = """
#include "good.h"
static prax_plugin plugin = {
    .magic = PRAX_MAGIC, .size = sizeof(prax_plugin), .abi_major = PRAX_ABI_MAJOR, .abi_minor = PRAX_ABI_MINOR,
    .id = PRAX_STR_INIT("bench/%s"), .version = PRAX_STR_INIT("1.0.0"),
    .create = create, .get_interface = get_interface, .destroy = destroy,
};
ENTRY((void)0)
"""

MANIFEST = """apiVersion: praximous.dev/v1
kind: skill
name: bench/{name}
version: 1.0.0
title: Bench
description: Measured.
author: {{ name: Praximous }}
license: Apache-2.0
abi: {{ major: 1, min_minor: 0 }}
entry: {{ linux-x86_64: lib/linux-x86_64/skill.so }}
task_type: {task}
capabilities:
  operations:
    - name: run
      default: true
      description: Does nothing.
      parameters_schema: {{ type: object }}
"""


class Store:
    """A store of eleven packages, one of them large, in a folder and behind nginx."""

    def __init__(self, host, repository, scratch):
        self.host, self.repository, self.scratch = host, repository, scratch
        self.key = self.run("registry", "keygen", "--out", f"{scratch}/key").stdout.split()[-1]
        for number in range(11):
            self.add_source("large" if number == 10 else f"small{number}", PACKAGE_BYTES if number == 10 else 0)
        self.run("registry", "build", "--sources", f"{scratch}/sources", "--out", f"{scratch}/www/registry",
                 "--key", f"{scratch}/key", "--expires", "2099-01-01T00:00:00Z")
        packages = json.load(open(f"{scratch}/www/skills.json"))["packages"]
        self.large = packages["bench/large"]["versions"][0]["artifacts"][0]
        self.address = self.serve()

    def add_source(self, name, data_bytes):
        folder = f"{self.scratch}/sources/{name}"
        os.makedirs(f"{folder}/lib/linux-x86_64")
        open(f"{folder}/skill.yaml", "w").write(MANIFEST.format(name=name, task=f"bench_{name}"))
        source = f"{self.scratch}/{name}.c"
        open(source, "w").write(SOURCE % name)
        subprocess.run(
            ["clang", "-shared", "-fPIC", "-fvisibility=hidden", "-O1", f"-I{self.repository}/PluginAPI/include",
             f"-I{self.repository}/Tests/ABI/Bad", f"-Wl,--version-script={self.repository}/PluginAPI/exports.map",
             "-o", f"{folder}/lib/linux-x86_64/skill.so", source], check=True)
        if data_bytes:
            os.makedirs(f"{folder}/share")
            # As a model file is: it does not pack.
            for part in range(5):
                open(f"{folder}/share/model{part}.bin", "wb").write(os.urandom(data_bytes // 5))

    def serve(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        open(f"{self.scratch}/nginx.conf", "w").write(
            ("user root;\n" if os.getuid() == 0 else "") +
            f"daemon off; master_process off; pid {self.scratch}/nginx.pid; events {{}}\n"
            f"http {{ access_log off; server {{ listen 127.0.0.1:{port}; root {self.scratch}/www; }} }}\n")
        self.nginx = subprocess.Popen(["/usr/sbin/nginx", "-p", self.scratch, "-c", f"{self.scratch}/nginx.conf",
                                       "-e", "stderr"], stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return f"http://127.0.0.1:{port}"
            time.sleep(0.02)
        sys.exit("nginx does not start")

    def run(self, *arguments, root=None, index=None):
        environment = dict(os.environ)
        if index:
            environment["PRAX_STORE_INDEX"] = index
        where = ["--root", root] if root else []
        done = subprocess.run([self.host, *arguments, *where], capture_output=True, text=True, env=environment)
        if done.returncode != 0:
            sys.exit(f"{' '.join(arguments)}: {done.stderr}")
        return done

    def new_root(self):
        root = tempfile.mkdtemp(dir=self.scratch)
        os.makedirs(f"{root}/config")
        open(f"{root}/config/praximous.yaml", "w").write(f'store: {{ keys: ["{self.key}"] }}\n')
        return root


def seconds(work):
    # Nobody is to wait for what the one before has left to the disk.
    os.sync()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def install(store):
    """An install from nothing beside the three tools that do the same without looking: (ours, theirs) in seconds."""
    root, folder = store.new_root(), tempfile.mkdtemp(dir=store.scratch)
    ours = seconds(lambda: store.run("plugins", "install", "--yes", "bench/large", root=root, index=store.address))
    url = f"{store.address}/{store.large['url']}"
    command = (f"curl -sf {url} -o {folder}/p.tar.gz && sha256sum {folder}/p.tar.gz >/dev/null && "
               f"tar xf {folder}/p.tar.gz -C {folder}")
    theirs = seconds(lambda: subprocess.run(["sh", "-c", command], check=True))
    subprocess.run(["chmod", "-R", "u+w", root], check=True)
    shutil.rmtree(root)
    shutil.rmtree(folder)
    return ours, theirs


def write_large_index(store):
    path = f"{store.scratch}/large/skills.json"
    os.makedirs(f"{store.scratch}/large/registry")
    artifact = {"os": "linux", "arch": "x86_64", "libc": "glibc>=2.31", "size": 100_000, "unpacked": 300_000,
                "manifest_sha256": "1" * 64, "publisher_key": "9f3c1a77d2e04b61"}
    packages = {}
    for number in range(INDEX_PACKAGES):
        url = f"registry/packages/tool-{number}-1.0.0-linux-x86_64.tar.gz"
        packages[f"owner-{number % 500}/tool-{number}"] = {
            "kind": "skill", "summary": f"Does the work number {number} of many, quickly.", "license": "Apache-2.0",
            "task_type": f"tool_{number}", "categories": ["text"],
            "versions": [{"v": 1, "version": "1.0.0", "published": "2026-11-22", "min_host": "0.1.0",
                          "abi": {"major": 1, "min_minor": 0}, "permissions": [], "yanked": None,
                          "artifacts": [dict(artifact, url=url, sha256=f"{number:064x}")]}]}
    json.dump({"format": 1, "version": 1, "generated": "2026-11-22T00:00:00Z", "expires": "2099-01-01T00:00:00Z",
               "packages": packages}, open(path, "w"), separators=(",", ":"))
    store.run("registry", "sign", path, "--key", f"{store.scratch}/key")
    return path


def main():
    host, repository = sys.argv[1:3]
    scratch = tempfile.mkdtemp(prefix="store-bench-")
    os.chmod(scratch, 0o755)
    store = Store(host, repository, scratch)
    try:
        rounds = [install(store) for _ in range(ROUNDS)]
        ours, theirs = (statistics.median(times) for times in zip(*rounds))
        ratio = statistics.median(a / b for a, b in rounds)
        print(f"install of {store.large['size'] / 1e6:.1f} MB: {ours * 1e3:.0f} ms, curl + sha256sum + tar: "
              f"{theirs * 1e3:.0f} ms, ratio {ratio:.2f} (goal <= 1.5)")

        root, index = store.new_root(), write_large_index(store)
        store.run("plugins", "search", "tool-77", root=root, index=index)
        times = [seconds(lambda: store.run("plugins", "search", "tool-77", root=root, index=index)) for _ in range(ROUNDS)]
        print(f"search in {INDEX_PACKAGES} packages ({os.path.getsize(index) / 1e6:.1f} MB): "
              f"{statistics.median(times) * 1e3:.0f} ms (goal <= 50)")

        root = store.new_root()
        store.run("plugins", "install", "--yes", *[f"bench/small{n}" for n in range(10)], root=root, index=store.address)
        times = [seconds(lambda: store.run("plugins", "list", root=root)) for _ in range(ROUNDS)]
        print(f"list of 10 installed: {statistics.median(times) * 1e3:.0f} ms (goal <= 60)")
        times = [seconds(lambda: store.run("version")) for _ in range(ROUNDS)]
        print(f"start alone (version): {statistics.median(times) * 1e3:.0f} ms")
    finally:
        store.nginx.kill()
        subprocess.run(["chmod", "-R", "u+w", scratch])
        shutil.rmtree(scratch, ignore_errors=True)


main()
