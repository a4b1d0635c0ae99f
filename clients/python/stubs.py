"""The stubs of tamis.v1, generated from proto/ when they are first wanted; nothing generated is kept in the repository."""

import atexit
import importlib
import importlib.resources
import pathlib
import sys
import tempfile

from grpc_tools import protoc

ROOT = pathlib.Path(__file__).resolve().parents[2]


def generate():
    """The modules with the messages and with the services of the filter."""
    folder = tempfile.TemporaryDirectory(prefix="tamis-stubs-")
    atexit.register(folder.cleanup)
    well_known = importlib.resources.files("grpc_tools") / "_proto"
    protos = sorted(str(path) for path in (ROOT / "proto").rglob("*.proto"))
    arguments = ["protoc", f"-I{ROOT / 'proto'}", f"-I{well_known}"]
    arguments += [f"--python_out={folder.name}", f"--grpc_python_out={folder.name}", *protos]
    if protoc.main(arguments) != 0:
        raise RuntimeError("protoc refused the proto files")
    sys.path.insert(0, folder.name)
    name = "tamis.v1.filter_service_pb2"
    return importlib.import_module(name), importlib.import_module(f"{name}_grpc")
