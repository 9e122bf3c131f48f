/** The template of this computer's installation, as `init` deploys it and `template` prints it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { defaultVpc } from '../../aws/site.js';
import { installTemplate } from '../../aws/template/template.js';
import type { Template } from '../../aws/template/types.js';
import { packageRoot } from '../../config/package-root.js';
import { agentDocument } from '../../fleet/aws/ssm/document.js';
import type { AwsHere } from './aws-place.js';

export async function templateHere(
  { clients, identity, site }: AwsHere,
  { noTerminator }: { readonly noTerminator: boolean },
): Promise<Template> {
  const vpc = await defaultVpc(clients, identity);
  const terminator = await readFile(join(packageRoot(), 'assets', 'aws', 'terminator.cjs'), 'utf8');
  return installTemplate({
    ...site,
    vpc,
    startDocument: agentDocument(),
    ...(noTerminator ? {} : { terminator }),
  });
}
