using System.Text;
using System.Text.Json;
using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>An explanation for people, and for scripts.</summary>
internal static class ExplanationText
{
    public static string Of(IReadOnlyList<ExplainedSignature> signatures, SignatureVerificationResult result)
    {
        StringBuilder text = new();
        foreach (ExplainedSignature signature in signatures)
        {
            Append(text, signature);
        }

        return text.Append(result.IsValid
            ? $"verified: {result.Signature.Label} by {result.Signature.Subject}"
            : $"refused: {result.Error}: {CheckAdvice.For(result.Error)}").ToString();
    }

    public static string ToJson(IReadOnlyList<ExplainedSignature> signatures, SignatureVerificationResult result) => JsonText.Object(members =>
    {
        members.WriteBoolean("verified", result.IsValid);
        members.WriteString("subject", result.Signature?.Subject);
        members.WriteString("error", result.IsValid ? null : result.Error.ToString());
        members.WriteString("advice", result.IsValid ? null : CheckAdvice.For(result.Error));
        members.WriteStartArray("signatures");
        foreach (ExplainedSignature signature in signatures)
        {
            Write(members, signature);
        }

        members.WriteEndArray();
    });

    private static void Append(StringBuilder text, ExplainedSignature signature)
    {
        text.Append("signature ").Append(signature.Label).Append(signature.Counts ? "\n" : " (the policy does not look at it)\n");
        text.Append("  parameters\n");
        foreach ((string name, string value) in signature.Parameters)
        {
            text.Append("    ").Append(name.PadRight(8)).Append(' ').Append(value).Append('\n');
        }

        text.Append("  signature base\n");
        foreach ((string line, string? problem) in signature.Base)
        {
            text.Append("    ").Append(line).Append(problem is null ? "" : $"<{problem}>").Append('\n');
        }

        text.Append("  checks\n");
        foreach (ExplainedCheck check in signature.Checks)
        {
            string found = $"{(check.Error is null or SignatureError.None ? "" : $"{check.Error} ")}{check.Note}";
            text.Append($"    {State(check),-4} {check.Name,-10} {found}".TrimEnd()).Append('\n');
            text.Append(check.Advice is null ? "" : $"                    -> {check.Advice}\n");
        }

        text.Append('\n');
    }

    private static string State(ExplainedCheck check) => check.Error switch
    {
        null => "-",
        SignatureError.None => "pass",
        _ => "FAIL",
    };

    private static void Write(Utf8JsonWriter members, ExplainedSignature signature)
    {
        members.WriteStartObject();
        members.WriteString("label", signature.Label);
        members.WriteBoolean("counts", signature.Counts);
        members.WriteStartObject("parameters");
        foreach ((string name, string value) in signature.Parameters)
        {
            members.WriteString(name, value);
        }

        members.WriteEndObject();
        members.WriteStartArray("base");
        foreach ((string line, string? problem) in signature.Base)
        {
            members.WriteStringValue(problem is null ? line : $"{line}<{problem}>");
        }

        members.WriteEndArray();
        members.WriteStartArray("checks");
        foreach (ExplainedCheck check in signature.Checks)
        {
            members.WriteStartObject();
            members.WriteString("check", check.Name);
            if (check.Error is { } error)
            {
                members.WriteBoolean("ok", error == SignatureError.None);
            }
            else
            {
                members.WriteNull("ok");
            }

            members.WriteString("error", check.Error is null or SignatureError.None ? null : check.Error.ToString());
            members.WriteString("note", check.Note);
            members.WriteString("advice", check.Advice);
            members.WriteEndObject();
        }

        members.WriteEndArray();
        members.WriteEndObject();
    }
}
