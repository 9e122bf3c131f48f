/** Tags given after the launch. */
import {
  CreateTags$,
  DescribeTags$,
  type CreateTagsCommandInput,
  type CreateTagsCommandOutput,
  type DescribeTagsCommandInput,
  type DescribeTagsCommandOutput,
  type Tag,
} from '@aws-sdk/client-ec2';
import { AwsError } from '../protocol/error.js';
import { operation, type Operation } from '../protocol/operation.js';
import type { Account } from './account.js';
import { matching, page } from './filters.js';

interface Tagged {
  readonly id: string;
  readonly kind: 'instance' | 'volume' | 'network-interface';
  readonly tags: Tag[];
}

const taggedThings = ({ instances }: Account, region: string): Tagged[] =>
  instances
    .listed(region)
    .flatMap(({ id, tags, volumes, networkInterface }) => [
      { id, tags, kind: 'instance' as const },
      ...volumes.map((volume) => ({ id: volume.id, tags: volume.tags, kind: 'volume' as const })),
      { id: networkInterface.id, tags: networkInterface.tags, kind: 'network-interface' as const },
    ]);

const notFound = { i: 'InvalidInstanceID.NotFound', vol: 'InvalidVolume.NotFound' } as Readonly<Record<string, string>>;

export const createTags = (account: Account): Operation =>
  operation<CreateTagsCommandInput, CreateTagsCommandOutput>(
    CreateTags$,
    ({ Resources = [], Tags = [], DryRun }, { call }) => {
      const things = taggedThings(account, call.region);
      const chosen = Resources.map((id) => {
        const thing = things.find((each) => each.id === id);
        const code = notFound[id.split('-')[0] ?? ''] ?? 'InvalidID';
        if (thing === undefined) throw new AwsError(code, `The ID '${id}' does not exist`);
        return thing;
      });
      if (DryRun === true)
        throw new AwsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
      for (const { tags } of chosen)
        for (const tag of Tags) {
          const at = tags.findIndex(({ Key }) => Key === tag.Key);
          tags.splice(at === -1 ? tags.length : at, 1, tag);
        }
      return {};
    },
  );

export const describeTags = (account: Account): Operation =>
  operation<DescribeTagsCommandInput, DescribeTagsCommandOutput>(DescribeTags$, (input, { call }) => {
    const rows = taggedThings(account, call.region).flatMap(({ id, kind, tags }) =>
      tags.map(({ Key, Value }) => ({ ResourceId: id, ResourceType: kind, Key, Value })),
    );
    const found = matching(rows, input.Filters, {
      'resource-id': ({ ResourceId }) => [ResourceId],
      'resource-type': ({ ResourceType }) => [ResourceType],
      key: ({ Key }) => [Key],
      value: ({ Value }) => [Value],
    });
    const { items, next } = page(found, input);
    return { Tags: [...items], ...next };
  });
