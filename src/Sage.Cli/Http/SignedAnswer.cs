using Sage.HttpSignatures;

namespace Sage.Cli;

/// <summary>An answer whose signature counts.</summary>
internal sealed record SignedAnswer(int Status, VerifiedSignature Signature, byte[] Body)
{
    public string ToJson() => JsonText.Object(members =>
    {
        members.WriteNumber("status", Status);
        members.WriteString("subject", Signature.Subject);
        members.WriteString("keyid", Signature.KeyId);
        members.WriteString("algorithm", Signature.Algorithm);
        members.WriteStartArray("covered");
        foreach (SignatureComponent component in Signature.Components)
        {
            members.WriteStringValue(component.Identifier);
        }

        members.WriteEndArray();
        members.WriteBase64String("body_base64", Body);
    });
}
