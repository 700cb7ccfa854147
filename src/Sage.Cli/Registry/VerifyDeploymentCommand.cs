using System.CommandLine;
using Sage.Did.Ethereum;

namespace Sage.Cli;

/// <summary><c>sage verify deployment</c>.</summary>
internal static class VerifyDeploymentCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        ChainOptions chain = new();
        DeploymentOptions deployment = new(chain);
        SettlementOptions settlement = new();
        Option<bool> json = SharedOptions.Json();
        CliCommand command = new("deployment", "Check a chain's contracts and a node of it: chain, code to the byte, that both belong together, version, freshness, finality. Exit code 1 if anything is not in order.");
        chain.AddTo(command);
        deployment.AddTo(command);
        settlement.AddTo(command);
        command.Add(json);
        command.Examples =
        [
            "sage verify deployment --rpc https://node.example --deployment deployment.json",
            "sage verify deployment --rpc https://node.example --chain-id 1 --identity 0x… --keys 0x… --json",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            DeploymentFile file = await deployment.ReadAsync(parsed, cancellationToken);
            using HttpEthereumRpc node = chain.Open(parsed)[0];
            DeploymentCheck check = new(new EthereumClient(node), file.Deployment, settlement.ReadMaxAge(parsed), settlement.ReadConfirmations(parsed), TimeProvider.System);
            IReadOnlyList<DeploymentFinding> findings = await check.RunAsync(cancellationToken);
            terminal.Text.WriteLine(parsed.GetValue(json) ? ToJson(file, check, findings) : ToText(findings));
            string[] bad = [.. findings.Where(finding => !finding.IsGood).Select(finding => finding.Name)];
            if (bad.Length > 0)
            {
                throw CommandException.Refused($"Not in order: {string.Join(", ", bad)}.");
            }
        });
        return command;
    }

    private static string ToText(IReadOnlyList<DeploymentFinding> findings)
    {
        int width = findings.Max(finding => finding.Name.Length);
        return string.Join('\n', findings.Select(finding => $"{(finding.IsGood ? "ok    " : "failed")}  {finding.Name.Replace('_', ' ').PadRight(width)}  {finding.Detail}"));
    }

    private static string ToJson(DeploymentFile file, DeploymentCheck check, IReadOnlyList<DeploymentFinding> findings) => JsonText.Object(json =>
    {
        json.WriteBoolean("ok", findings.All(finding => finding.IsGood));
        json.WriteStartObject("deployment");
        file.WriteTo(json);
        json.WriteEndObject();
        if (check.Head is { } head)
        {
            json.WriteStartObject("head");
            json.WriteNumber("number", head.Number);
            json.WriteString("timestamp", head.Timestamp);
            json.WriteEndObject();
        }

        json.WriteStartArray("checks");
        foreach (DeploymentFinding finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("name", finding.Name);
            json.WriteBoolean("ok", finding.IsGood);
            json.WriteString("detail", finding.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
