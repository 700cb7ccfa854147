using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.Internal;

/// <summary>
/// Signatures over signatures in Web Bot Auth (draft-meunier-webbotauth-httpsig-protocol-02): who covers another's signature
/// covers what it says and everything it covers, or the inner one could be read as said of another message.
/// </summary>
internal static class NestedSignatures
{
    public static SignatureError Check(SignaturePolicy policy, StructuredField inputs, SignatureComponent[] covered, out string? detail)
    {
        detail = null;
        if (!policy.KeysFromSignatureAgent)
        {
            return SignatureError.None;
        }

        foreach (SignatureComponent component in covered)
        {
            if (component is not { Name: "signature", Parameters: ComponentParameters.Key, Argument: { } label })
            {
                continue;
            }

            if (!inputs.TryGetMember(label, out StructuredValue input) || !ReceivedSignature.TryReadComponents(input, out SignatureComponent[] inner))
            {
                return SignatureError.SignatureMissing;
            }

            SignatureComponent[] owed = [InputField.DictionaryMember(label), .. inner];
            if (Array.Find(owed, needed => !covered.Contains(needed)) is { } missing)
            {
                detail = missing.Identifier;
                return SignatureError.ComponentNotCovered;
            }
        }

        return SignatureError.None;
    }

    private static SignatureComponent InputField => SignatureComponent.Field("signature-input");
}
