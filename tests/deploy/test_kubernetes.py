"""The manifests say for every service what it needs to start, to be probed and to leave."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.architecture.sources import ROOT, SERVICES

MANIFESTS = ROOT / "deploy/kubernetes"


def _documents(file: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((MANIFESTS / file).read_text(encoding="utf-8")))


def _pods(service: str) -> dict[str, dict[str, Any]]:
    """The pod of each Job and Deployment of a service, by name."""
    return {
        document["metadata"]["name"]: document["spec"]["template"]["spec"]
        for document in _documents(f"{service}.yaml")
        if document["kind"] in ("Job", "Deployment")
    }


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_migrate_api_and_worker_from_one_image(service: str) -> None:
    pods = _pods(service)
    assert list(pods) == [f"{service}-migrate", f"{service}-api", f"{service}-worker"]
    for name, pod in pods.items():
        (container,) = pod["containers"]
        assert container["image"] == f"dakehu/{service}"
        assert container["args"] == [name.rpartition("-")[2]]
        assert {"secretRef": {"name": service}} in container["envFrom"]
        assert pod["securityContext"]["runAsNonRoot"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_process_is_probed_and_has_time_to_finish(service: str) -> None:
    for name in (f"{service}-api", f"{service}-worker"):
        pod = _pods(service)[name]
        (container,) = pod["containers"]
        ports = {port["name"]: port["containerPort"] for port in container["ports"]}
        given = {each["name"]: each["value"] for each in container["env"]}
        assert pod["terminationGracePeriodSeconds"] >= 30
        for probe, path in (("readinessProbe", "ready"), ("livenessProbe", "live")):
            assert container[probe]["httpGet"]["path"] == f"/health/{path}"
            assert str(ports[container[probe]["httpGet"]["port"]]) in given.values()


@pytest.mark.parametrize("service", SERVICES)
def test_an_api_has_a_place_for_the_sheets_that_it_puts_together(service: str) -> None:
    pod = _pods(service)[f"{service}-api"]
    (container,) = pod["containers"]
    mounts = {each["mountPath"]: each["name"] for each in container["volumeMounts"]}
    assert mounts["/tmp"] in {each["name"] for each in pod["volumes"] if "emptyDir" in each}


@pytest.mark.parametrize("file", [*(f"{service}.yaml" for service in SERVICES), "provisioner.yaml"])
def test_a_job_that_has_ended_makes_room_for_that_of_the_next_release(file: str) -> None:
    jobs = [each for each in _documents(file) if each["kind"] == "Job"]
    assert jobs and all(each["spec"]["ttlSecondsAfterFinished"] > 0 for each in jobs)


def test_the_kustomization_names_every_file() -> None:
    (kustomization,) = _documents("kustomization.yaml")
    named = {resource for resource in kustomization["resources"] if resource.endswith(".yaml")}
    others = {"kustomization.yaml", "secrets.example.yaml"}
    assert named == {file.name for file in MANIFESTS.glob("*.yaml")} - others


def test_no_secret_stands_in_a_manifest() -> None:
    for secret in _documents("secrets.example.yaml"):
        assert all("…" in value for value in secret["stringData"].values())
