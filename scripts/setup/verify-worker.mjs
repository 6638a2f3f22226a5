/** Starts a mediasoup worker, has it make a Router, and ends: `node verify-worker.mjs PATH`. */
import { createWorker } from 'mediasoup';

const worker = await createWorker({ workerBin: process.argv[2], logLevel: 'error' });
const router = await worker.createRouter({
  mediaCodecs: [{ kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 }],
});
console.log(`worker ${worker.pid} has made router ${router.id}`);
worker.close();
