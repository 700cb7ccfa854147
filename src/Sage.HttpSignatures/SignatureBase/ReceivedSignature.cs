using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures.SignatureBase;

/// <summary>One label of a message: what its signature covers, its parameters, and the text that was signed.</summary>
internal readonly struct ReceivedSignature
{
    private ReceivedSignature(string label, StructuredField inputs, StructuredValue input, StructuredValue signature, SignatureParameters parameters)
    {
        Label = label;
        Inputs = inputs;
        Input = input;
        Signature = signature;
        Parameters = parameters;
    }

    public string Label { get; }

    /// <summary>What all signatures of the message say.</summary>
    public StructuredField Inputs { get; }

    public SignatureParameters Parameters { get; }

    /// <summary>The value of <c>@signature-params</c>: the member exactly as received, never written anew (RFC 9421 §3.2).</summary>
    public ReadOnlySpan<char> ReceivedText => Input.ReceivedText;

    private StructuredValue Input { get; }

    private StructuredValue Signature { get; }

    public static SignatureError TryRead(StructuredField inputs, int index, StructuredField signatures, out ReceivedSignature received)
    {
        received = default;
        StructuredValue input = inputs[index];
        string label = input.Key is "sig1" ? "sig1" : input.Key.ToString();
        if (input.Kind != StructuredValueKind.InnerList)
        {
            return SignatureError.MalformedSignatureInput;
        }

        if (!SignatureParameters.TryRead(input, out SignatureParameters parameters))
        {
            return SignatureError.InvalidParameter;
        }

        if (!signatures.TryGetMember(label, out StructuredValue signature))
        {
            return SignatureError.SignatureMissing;
        }

        if (signature.Kind != StructuredValueKind.ByteSequence)
        {
            return SignatureError.MalformedSignature;
        }

        received = new ReceivedSignature(label, inputs, input, signature, parameters);
        return SignatureError.None;
    }

    public SignatureError ReadComponents(out SignatureComponent[] components) => ReadComponents(Input, out components);

    /// <summary>The components of any inner list that names some.</summary>
    public static bool TryReadComponents(StructuredValue list, out SignatureComponent[] components) =>
        ReadComponents(list, out components) == SignatureError.None;

    /// <summary>The bytes of the signature; null when there are more than any algorithm makes.</summary>
    public bool TryGetSignature(Span<byte> destination, out int written) => Signature.TryGetBytes(destination, out written);

    private static SignatureError ReadComponents(StructuredValue list, out SignatureComponent[] components)
    {
        StructuredValues items = list.Items;
        components = new SignatureComponent[items.Count];
        int count = 0;
        foreach (StructuredValue item in items)
        {
            SignatureError error = ComponentReader.Read(item, out SignatureComponent? component);
            if (error != SignatureError.None)
            {
                return error;
            }

            if (components.AsSpan(0, count).Contains(component!))
            {
                return SignatureError.DuplicateComponent;
            }

            components[count++] = component!;
        }

        return SignatureError.None;
    }
}
