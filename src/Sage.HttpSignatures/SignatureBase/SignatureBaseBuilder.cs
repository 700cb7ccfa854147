namespace Sage.HttpSignatures.SignatureBase;

/// <summary>Builds the signature base (RFC 9421 §2.5).</summary>
internal static class SignatureBaseBuilder
{
    /// <summary>Writes the base; what went wrong stands in the writer, which the caller disposes.</summary>
    /// <param name="components">What is covered.</param>
    /// <param name="parameters">The value of <c>@signature-params</c>.</param>
    /// <param name="message">The message.</param>
    /// <param name="policy">Knows the types of the application's own structured fields.</param>
    /// <param name="writer">Receives the bytes.</param>
    public static void Write(
        ReadOnlySpan<SignatureComponent> components,
        ReadOnlySpan<char> parameters,
        SignatureContext message,
        SignaturePolicy policy,
        ref SignatureBaseWriter writer)
    {
        foreach (SignatureComponent component in components)
        {
            writer.Append(component.Identifier);
            writer.Append(": "u8);
            ComponentValue.Write(component, message, policy, ref writer);
            writer.Append("\n"u8);
            if (writer.Error != SignatureError.None)
            {
                return;
            }
        }

        writer.Append("\"@signature-params\": "u8);
        writer.Append(parameters);
    }
}
