"""The peer: a typical server with FastAPI and httpx. Reads PORT and UPSTREAM."""
import os

import fastapi
import httpx
import uvicorn
from fastapi.responses import StreamingResponse

base = os.environ["UPSTREAM"]
app = fastapi.FastAPI()
client = httpx.AsyncClient(limits=httpx.Limits(max_connections=None), timeout=None)


@app.get("/api/health")
async def health():
    return {"status": "healthy"}


@app.post("/api/chat")
async def chat(request: fastapi.Request):
    await request.body()
    await client.post(base + "/v1beta/models/m:embedContent", content="{}")
    await client.post(base + "/collections/c/points/query", content="{}")

    async def events():
        path = "/v1beta/models/m:streamGenerateContent?alt=sse"
        async with client.stream("POST", base + path, content="{}") as answer:
            async for piece in answer.aiter_bytes():
                yield piece

    return StreamingResponse(events(), media_type="text/event-stream")


uvicorn.run(app, host="127.0.0.1", port=int(os.environ["PORT"]), log_level="critical", backlog=4096)
