using Webhook.Commands;
using Webhook.Output;

return await CommandLine.RunAsync(args, Terminal.OfProcess());
