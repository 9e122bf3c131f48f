/** Which of ONNX Runtime's backends are worth a try on this computer. */
import { readdir, readFile } from 'node:fs/promises';
import { delimiter } from 'node:path';

/** ONNX Runtime's own names, fastest first. */
export const backendOrder = ['cuda', 'webgpu', 'coreml', 'dml', 'cpu'] as const;
export type Backend = (typeof backendOrder)[number];

const VULKAN = 'libvulkan.so.1';

/** On Linux, WebGPU without Vulkan only writes warnings on the user's screen before it fails. */
export async function backendsHere(): Promise<readonly Backend[]> {
  if (process.platform !== 'linux' || (await isLoadable(VULKAN))) return backendOrder;
  return backendOrder.filter((name) => name !== 'webgpu');
}

/** Whether the dynamic loader would find a library: in its cache, or in the folders that the environment adds. */
async function isLoadable(library: string): Promise<boolean> {
  const cache = await readFile('/etc/ld.so.cache').catch(() => Buffer.alloc(0));
  if (cache.includes(library)) return true;
  const folders = (process.env['LD_LIBRARY_PATH'] ?? '').split(delimiter).filter(Boolean);
  const listed = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  return listed.some((names) => names.some((name) => name === library));
}
