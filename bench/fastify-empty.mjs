/** Fastify's own empty route: what health is measured beside. Reads PORT. */
import Fastify from 'fastify';

const app = Fastify();
app.get('/api/health', async () => ({ status: 'healthy' }));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
