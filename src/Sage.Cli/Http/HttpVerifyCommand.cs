using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary><c>sage http verify</c>.</summary>
internal static class HttpVerifyCommand
{
    public static CliCommand Create(Terminal terminal)
    {
        VerificationOptions options = new();
        CliCommand command = options.AddTo(new CliCommand("verify", "Say who signed a captured message and what the signature covers. Exit code 1 unless one counts."));
        command.Examples =
        [
            "sage http verify --registry agents.json --policy sage signed.http",
            "sage http verify --key me=public.pem --at 1700000000 signed.http",
            "sage http verify --registry agents.json --in-reply-to signed.http signed-response.http --json",
        ];
        command.Run(async (parsed, cancellationToken) =>
        {
            using Verification verification = await options.ReadAsync(terminal, parsed, cancellationToken);
            SignatureVerificationResult result = await verification.VerifyAsync(cancellationToken);
            if (parsed.GetValue(options.Json))
            {
                await terminal.Text.WriteLineAsync(ToJson(result));
            }
            else if (result.IsValid)
            {
                await terminal.Text.WriteLineAsync(Describe(result.Signature));
            }

            if (!result.IsValid)
            {
                throw Verification.Refusal(result);
            }
        });
        return command;
    }

    private static string Describe(VerifiedSignature signature)
    {
        string text = $"""
            verified   {signature.Label}
            signer     {signature.Subject}
            keyid      {signature.KeyId}
            algorithm  {signature.Algorithm}
            covered    {string.Join(' ', signature.Components.Select(component => component.Identifier))}
            """;
        text += signature.Created is { } created ? $"\ncreated    {created:u}" : "";
        text += signature.Expires is { } expires ? $"\nexpires    {expires:u}" : "";
        return text + (signature.Tag is { } tag ? $"\ntag        {tag}" : "");
    }

    private static string ToJson(SignatureVerificationResult result) => JsonText.Object(members =>
    {
        members.WriteBoolean("verified", result.IsValid);
        if (result.Signature is not { } signature)
        {
            members.WriteString("error", result.Error.ToString());
            members.WriteString("detail", result.Detail);
            return;
        }

        members.WriteString("label", signature.Label);
        members.WriteString("subject", signature.Subject);
        members.WriteString("keyid", signature.KeyId);
        members.WriteString("algorithm", signature.Algorithm);
        members.WriteStartArray("covered");
        foreach (SignatureComponent component in signature.Components)
        {
            members.WriteStringValue(component.Identifier);
        }

        members.WriteEndArray();
        WriteTime("created", signature.CreatedSeconds);
        WriteTime("expires", signature.ExpiresSeconds);
        members.WriteString("nonce", signature.Nonce);
        members.WriteString("tag", signature.Tag);

        void WriteTime(string name, long? seconds)
        {
            if (seconds is { } value)
            {
                members.WriteNumber(name, value);
            }
            else
            {
                members.WriteNull(name);
            }
        }
    });
}
