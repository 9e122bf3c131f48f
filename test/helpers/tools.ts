/** The toolchain that the tests run with: prepare.ts made it, or TAAF_TOOLCHAIN names it. */
import type { Tools } from '../../src/domain/tools.js';
import { pythonOf, toolsIn } from '../../src/toolchain/venv.js';

const venv = process.env['TAAF_TOOLCHAIN'] ?? '';

export const tools: Tools & { readonly python: string } = { ...(await toolsIn(venv)), python: pythonOf(venv) };
