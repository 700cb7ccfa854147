using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary><c>sage http explain</c>.</summary>
internal static class HttpExplainCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        VerificationOptions options = new();
        CliCommand command = options.AddTo(new CliCommand(
            "explain", "Show the signature base of a captured message, every check, and what would have to change. Exit code 1 unless a signature counts."));
        command.Examples =
        [
            "sage http explain --registry agents.json --policy sage refused.http",
            "sage http explain --key public.pem --at 1700000000 captured.http",
            "sage http explain --registry agents.json --in-reply-to request.http response.http --json",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            using Verification verification = await options.ReadAsync(terminal, parsed, cancellationToken);
            IReadOnlyList<ExplainedSignature> signatures = await new SignatureExplainer(verification).ExplainAsync(cancellationToken);
            SignatureVerificationResult result = await verification.VerifyAsync(cancellationToken);
            await terminal.Text.WriteLineAsync(parsed.GetValue(options.Json) ? ExplanationText.ToJson(signatures, result) : ExplanationText.Of(signatures, result));
            if (!result.IsValid)
            {
                throw Verification.Refusal(result);
            }
        });
        return command;
    }
}
