/** An empty Fastify route, the baseline of the health benchmark. Reads PORT. */
import Fastify from 'fastify';

const app = Fastify();
app.get('/api/health', async () => ({ status: 'healthy' }));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
