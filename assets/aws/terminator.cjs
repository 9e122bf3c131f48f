/** Runs inside AWS every quarter of an hour (src/aws/template/terminator.ts): ends machines of one installation of TAAF whose deadline has passed. */
const { EC2Client, paginateDescribeInstances, TerminateInstancesCommand } = require('@aws-sdk/client-ec2');

exports.handler = async () => {
  const client = new EC2Client({});
  const filters = [
    { Name: 'tag:taaf:install', Values: [process.env.TAAF_INSTALL] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ];
  const overdue = [];
  for await (const page of paginateDescribeInstances({ client }, { Filters: filters })) {
    for (const { Instances = [] } of page.Reservations ?? []) overdue.push(...Instances.filter(isOverdue));
  }
  // One id a call: a bad one would stop all others of its call.
  const ended = await Promise.allSettled(
    overdue.map(({ InstanceId }) => client.send(new TerminateInstancesCommand({ InstanceIds: [InstanceId] }))),
  );
  for (const [i, { reason }] of ended.entries()) {
    console.log(`${overdue[i].InstanceId}: ${reason === undefined ? 'ended after its deadline' : String(reason)}`);
  }
  const failed = ended.find(({ status }) => status === 'rejected');
  // Told as the function's failure: it is tried again, and shows in the account's figures.
  if (failed) throw failed.reason;
  return { ended: overdue.map(({ InstanceId }) => InstanceId) };
};

/** A machine without a readable deadline is none that TAAF launched in full: the laptop's sweep reports it. */
function isOverdue({ Tags = [] }) {
  const deadline = Date.parse(Tags.find(({ Key }) => Key === 'taaf:deadline')?.Value ?? '');
  return deadline < Date.now();
}
