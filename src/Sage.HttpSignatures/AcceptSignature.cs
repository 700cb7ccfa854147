using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;
using Sage.HttpSignatures.Internal;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures;

/// <summary>A signature that one side asks the other for: a member of <c>Accept-Signature</c> (RFC 9421 §5). Immutable.</summary>
public sealed class AcceptSignature
{
    /// <summary>The name of the field.</summary>
    public const string FieldName = "Accept-Signature";

    private const int MaxMembers = 8;

    private AcceptSignature(string label, IReadOnlyList<SignatureComponent> components)
    {
        Label = label;
        Components = components;
    }

    /// <summary>The label the signature shall have.</summary>
    public string Label { get; }

    /// <summary>What it shall cover.</summary>
    public IReadOnlyList<SignatureComponent> Components { get; }

    /// <summary>Whether it shall say when it was made.</summary>
    public bool Created { get; private init; }

    /// <summary>Whether it shall say when it expires.</summary>
    public bool Expires { get; private init; }

    /// <summary>The nonce it shall have, if a certain one is asked for.</summary>
    public string? Nonce { get; private init; }

    /// <summary>The algorithm it shall use, if a certain one is asked for.</summary>
    public string? Algorithm { get; private init; }

    /// <summary>The key it shall be made with, if a certain one is asked for.</summary>
    public string? KeyId { get; private init; }

    /// <summary>The tag it shall have, if a certain one is asked for.</summary>
    public string? Tag { get; private init; }

    /// <summary>Asks for what a policy requires of a request.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="request">
    /// The request that shall be sent again signed: content type and digest are asked for if it has them. Without it the
    /// components of every request are.
    /// </param>
    public static AcceptSignature FromPolicy(SignaturePolicy policy, SignatureContext? request = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return new AcceptSignature(policy.Label ?? Coverage.UsualLabel, Coverage.Required(policy, request))
        {
            Created = policy.RequireCreated,
            Expires = policy.RequireExpires,
            Tag = policy.Tag,
            KeyId = policy.KeyId,
        };
    }

    /// <summary>Reads the field. A member that asks for what RFC 9421 does not define makes the whole field unreadable.</summary>
    /// <param name="lines">The lines of the field.</param>
    /// <param name="wanted">What is asked for, at most 8 signatures.</param>
    /// <returns><see langword="true"/> if the field could be read; an absent field asks for nothing.</returns>
    public static bool TryParse(StringValues lines, [NotNullWhen(true)] out IReadOnlyList<AcceptSignature>? wanted)
    {
        wanted = null;
        if (!FieldLine.TryParse(StructuredFieldType.Dictionary, lines, StructuredFieldLimits.Default, out StructuredField? field)
            || field.HasDuplicateKeys || field.HasDuplicateParameters || field.Count > MaxMembers)
        {
            return false;
        }

        List<AcceptSignature> members = new(field.Count);
        for (int i = 0; i < field.Count; i++)
        {
            if (!TryRead(field[i], out AcceptSignature? member))
            {
                return false;
            }

            members.Add(member);
        }

        wanted = members;
        return true;
    }

    /// <summary>The member as it stands in the field.</summary>
    /// <exception cref="InvalidOperationException">The label, nonce, key id or tag cannot be written as a structured field.</exception>
    public override string ToString()
    {
        StructuredFieldWriter writer = new(stackalloc char[StructuredFieldWriter.UsualLength]);
        writer.Member(Label);
        writer.OpenInnerList();
        foreach (SignatureComponent component in Components)
        {
            writer.Canonical(component.Identifier);
        }

        writer.CloseInnerList();
        WriteFlag(ref writer, "created", Created);
        WriteFlag(ref writer, "expires", Expires);
        WriteText(ref writer, "nonce", Nonce);
        WriteText(ref writer, "alg", Algorithm);
        WriteText(ref writer, "keyid", KeyId);
        WriteText(ref writer, "tag", Tag);
        return writer.TryComplete(out string? text) ? text : throw new InvalidOperationException("The signature asked for cannot be written.");
    }

    private static bool TryRead(StructuredValue member, [NotNullWhen(true)] out AcceptSignature? read)
    {
        read = null;
        if (member.Kind != StructuredValueKind.InnerList || !ReceivedSignature.TryReadComponents(member, out SignatureComponent[] components))
        {
            return false;
        }

        bool created = false;
        bool expires = false;
        string? nonce = null;
        string? algorithm = null;
        string? keyId = null;
        string? tag = null;
        foreach (StructuredValue parameter in member.Parameters)
        {
            bool known = parameter.Key switch
            {
                "created" => parameter.TryGetBoolean(out created),
                "expires" => parameter.TryGetBoolean(out expires),
                "nonce" => parameter.TryGetString(out nonce),
                "alg" => parameter.TryGetString(out algorithm),
                "keyid" => parameter.TryGetString(out keyId),
                "tag" => parameter.TryGetString(out tag),
                _ => true,
            };
            if (!known)
            {
                return false;
            }
        }

        read = new AcceptSignature(member.Key.ToString(), components)
        {
            Created = created,
            Expires = expires,
            Nonce = nonce,
            Algorithm = algorithm,
            KeyId = keyId,
            Tag = tag,
        };
        return true;
    }

    private static void WriteFlag(ref StructuredFieldWriter writer, string name, bool value)
    {
        if (value)
        {
            writer.Parameter(name);
            writer.Boolean(true);
        }
    }

    private static void WriteText(ref StructuredFieldWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.Parameter(name);
            writer.String(value);
        }
    }
}
