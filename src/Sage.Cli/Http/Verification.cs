using Sage.Crypto;
using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>A captured message, and everything by which it is judged.</summary>
/// <param name="Message">The message.</param>
/// <param name="Policy">The policy.</param>
/// <param name="Keys">Where keys come from.</param>
/// <param name="Directories">Where they come from instead when the policy takes them from <c>Signature-Agent</c>.</param>
/// <param name="Time">The moment.</param>
internal sealed record Verification(CapturedMessage Message, SignaturePolicy Policy, IKeyResolver Keys, KeyDirectoryClient? Directories, TimeProvider Time) : IDisposable
{
    /// <summary>The verdict. Nonces are new to a captured message, so none of it is a replay.</summary>
    public async Task<SignatureVerificationResult> VerifyAsync(CancellationToken cancellationToken)
    {
        HttpMessageVerifier verifier = new(Keys, new InMemoryNonceStore(Time), new HttpMessageVerifierOptions { KeyDirectories = Directories }, Time);
        return await verifier.VerifyAsync(Message.Context, Policy, cancellationToken);
    }

    public void Dispose() => Directories?.Dispose();

    /// <summary>The error that a message which does not verify ends a command with.</summary>
    public static CommandException Refusal(SignatureVerificationResult result) =>
        CommandException.Refused($"The message does not verify: {result.Error}{(result.Detail is { } detail ? $" ({detail})" : "")}.");
}
