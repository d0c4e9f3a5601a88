"""The Hub's, Gemini's and Qdrant's Python clients, unmodified and of the newest minor versions, on the sandbox.

Prints `ok NAME` or `not ok NAME: reason` for each check; the environment is the sandbox's own.
"""

import json
import os
import tempfile
import traceback
import urllib.request

os.environ["HF_HOME"] = tempfile.mkdtemp()
os.environ["HF_HUB_DISABLE_XET"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

from google import genai  # noqa: E402
from google.genai import errors as genai_errors, types  # noqa: E402
from huggingface_hub import HfApi  # noqa: E402
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError  # noqa: E402
from huggingface_hub.utils import _oauth_device  # noqa: E402
from qdrant_client import QdrantClient, models  # noqa: E402
from qdrant_client.http.exceptions import UnexpectedResponse  # noqa: E402

env = os.environ
hub = HfApi(endpoint=env["HF_ENDPOINT"], token=env["HF_TOKEN"])
space = f"{hub.whoami()['name']}/python-client"
gemini_options = types.HttpOptions(base_url=env["GOOGLE_GEMINI_BASE_URL"])
gemini = genai.Client(api_key=env["GEMINI_API_KEY"], http_options=gemini_options)
qdrant = QdrantClient(url=env["QDRANT_URL"], api_key=env["QDRANT_API_KEY"])


def raises(kind, call):
    """The error of that class that a call ends in."""
    try:
        call()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}")


def readme(line=""):
    return f"---\ntitle: Python\nsdk: docker\n{line}\n---\nText\n".encode()


def upload(path, content):
    return hub.upload_file(
        path_or_fileobj=content, path_in_repo=path, repo_id=space, repo_type="space"
    )


def hub_uploads_a_readme():
    hub.create_repo(space, repo_type="space", space_sdk="docker")
    upload("README.md", readme())
    folder = tempfile.mkdtemp()
    for number in range(3):
        with open(os.path.join(folder, f"{number}.txt"), "w") as file:
            file.write(str(number))
    hub.upload_folder(folder_path=folder, repo_id=space, repo_type="space")
    files = hub.list_repo_files(space, repo_type="space")
    assert {"README.md", "0.txt", "1.txt", "2.txt"} <= set(files), files
    assert hub.file_exists(space, "0.txt", repo_type="space")
    [info] = hub.get_paths_info(space, ["0.txt"], repo_type="space")
    assert info.path == "0.txt" and info.size == 1


def hub_refuses_bad_metadata():
    for line in ("colorFrom: violet", "short_description: " + "x" * 61, 'emoji: "'):
        raises(ValueError, lambda: upload("README.md", readme(line)))


def hub_lists_pages():
    spaces = [found.id for found in hub.list_spaces(author=space.split("/")[0])]
    assert space in spaces, spaces
    tree = list(hub.list_repo_tree(space, repo_type="space", recursive=True))
    assert len(tree) >= 4


def hub_sets_secrets_and_variables():
    hub.add_space_secret(space, "KEY", "value")
    hub.add_space_variable(space, "NAME", "value")
    assert hub.get_space_variables(space)["NAME"].value == "value"
    hub.delete_space_secret(space, "KEY")


def hub_has_errors_by_class():
    raises(RepositoryNotFoundError, lambda: hub.repo_info("ana/nowhere", repo_type="space"))
    raises(HfHubHTTPError, lambda: HfApi(endpoint=env["HF_ENDPOINT"], token="hf_wrong").whoami())
    raises(RepositoryNotFoundError, lambda: hub.delete_repo(space))
    hub.delete_repo(space, repo_type="space")


def gemini_lists_models():
    names = [model.name for model in gemini.models.list(config={"page_size": 3})]
    assert len(names) > 3, names


def gemini_streams():
    answer = gemini.models.generate_content_stream(model="gemini-flash-latest", contents="Hello")
    assert "".join(chunk.text or "" for chunk in answer)


def gemini_answers_under_v1():
    options = types.HttpOptions(base_url=env["GOOGLE_GEMINI_BASE_URL"], api_version="v1")
    client = genai.Client(api_key=env["GEMINI_API_KEY"], http_options=options)
    assert client.models.generate_content(model="gemini-flash-latest", contents="Hello").text


def gemini_embeds():
    result = gemini.models.embed_content(
        model="gemini-embedding-001", contents=["one", "two"], config={"output_dimensionality": 768}
    )
    assert [len(embedding.values) for embedding in result.embeddings] == [768, 768]


def gemini_has_errors_by_class():
    client = genai.Client(api_key="AQ.unknown", http_options=gemini_options)
    error = raises(
        genai_errors.ClientError,
        lambda: client.models.generate_content(model="gemini-flash-latest", contents="Hello"),
    )
    assert error.code == 400


def qdrant_writes_a_batch():
    vectors = models.VectorParams(size=3, distance=models.Distance.COSINE)
    qdrant.create_collection("python", vectors_config={"dense": vectors})
    points = [
        models.PointStruct(id=number, vector={"dense": [1, number, 0]}, payload={"n": number, "null": None})
        for number in range(10)
    ]
    qdrant.upload_points("python", points, batch_size=4, wait=True)
    qdrant.batch_update_points(
        "python",
        [
            models.OverwritePayloadOperation(
                overwrite_payload=models.SetPayload(payload={"n": 0, "null": None}, points=[1])
            ),
            models.SetPayloadOperation(
                set_payload=models.SetPayload(payload={"null": None}, points=[2])
            ),
        ],
    )
    first, second = qdrant.retrieve("python", [1, 2])
    assert first.payload == {"n": 0, "null": None} and second.payload == {"n": 2}
    assert qdrant.count("python", exact=True).count == 10


def qdrant_scrolls_pages_and_queries():
    seen, offset = [], None
    while True:
        page, offset = qdrant.scroll("python", limit=3, offset=offset)
        seen += [point.id for point in page]
        if offset is None:
            break
    assert seen == list(range(10)), seen
    hits = qdrant.query_points("python", query=[1, 9, 0], using="dense", limit=1).points
    assert hits[0].id == 9


def qdrant_has_errors_by_class():
    error = raises(UnexpectedResponse, lambda: qdrant.get_collection("nowhere"))
    assert error.status_code == 404
    wrong = QdrantClient(url=env["QDRANT_URL"], api_key="wrong", check_compatibility=False)
    assert raises(UnexpectedResponse, wrong.get_collections).status_code == 401
    qdrant.delete_collection("python")


def decide(decision):
    body = json.dumps({"hub": {"device": {"decision": decision, "interval": 1}}}).encode()
    urllib.request.urlopen(f"{env['SANDBOX_ADMIN_URL']}/world", body).read()


def hub_signs_in_with_a_device_code():
    decide("pending")
    info = _oauth_device.request_device_code()
    assert info["user_code"] in info["verification_uri_complete"], info
    pending = []

    def accept():
        pending.append(1)
        decide("approved")

    token = _oauth_device.poll_device_token(info, on_pending=accept)["access_token"]
    assert pending and token.startswith("hf_oauth_"), token
    assert HfApi(endpoint=env["HF_ENDPOINT"], token=token).whoami()["auth"]["type"] == "oauth"


def hub_says_why_a_device_code_brings_no_token():
    for decision, code in (("denied", "access_denied"), ("expired", "expired_token")):
        decide("pending")
        info = _oauth_device.request_device_code()
        decide(decision)
        error = raises(_oauth_device.DeviceCodeError, lambda: _oauth_device.poll_device_token(info))
        assert error.error_code == code, error


CHECKS = [value for name, value in list(globals().items()) if name.startswith(("hub_", "gemini_", "qdrant_")) and callable(value)]
failed = 0
for check in CHECKS:
    title = "python: " + check.__name__.replace("_", " ")
    try:
        check()
        print(f"ok  {title}", flush=True)
    except Exception:
        failed += 1
        print(f"not ok  {title}: {traceback.format_exc()[-1500:]}", flush=True)
raise SystemExit(1 if failed else 0)
