using System.Diagnostics.CodeAnalysis;
using Sage.HttpSignatures.SignatureBase;
using Sage.HttpSignatures.StructuredFields;

namespace Sage.HttpSignatures;

/// <summary>
/// A part of a message that a signature covers: a field, or something derived from the message (RFC 9421 §2). Two are equal
/// when their names and parameters are, in whatever order the parameters stand.
/// </summary>
/// <remarks>Immutable and safe to use from any thread.</remarks>
public sealed class SignatureComponent : IEquatable<SignatureComponent>
{
    internal SignatureComponent(ComponentKind kind, string name, ComponentParameters parameters, string? argument, string identifier)
    {
        Kind = kind;
        Name = name;
        Parameters = parameters;
        Argument = argument;
        Identifier = identifier;
    }

    /// <summary>The method of the request (RFC 9421 §2.2.1).</summary>
    public static SignatureComponent Method { get; } = Parse("\"@method\"");

    /// <summary>The full target URI (RFC 9421 §2.2.2).</summary>
    public static SignatureComponent TargetUri { get; } = Parse("\"@target-uri\"");

    /// <summary>The authority, in lower case and without a default port (RFC 9421 §2.2.3).</summary>
    public static SignatureComponent Authority { get; } = Parse("\"@authority\"");

    /// <summary>The scheme (RFC 9421 §2.2.4).</summary>
    public static SignatureComponent Scheme { get; } = Parse("\"@scheme\"");

    /// <summary>The request target as it stands on the wire (RFC 9421 §2.2.5).</summary>
    public static SignatureComponent RequestTarget { get; } = Parse("\"@request-target\"");

    /// <summary>The path as it stands on the wire, never decoded (RFC 9421 §2.2.6).</summary>
    public static SignatureComponent Path { get; } = Parse("\"@path\"");

    /// <summary>The query with its question mark (RFC 9421 §2.2.7).</summary>
    public static SignatureComponent Query { get; } = Parse("\"@query\"");

    /// <summary>The status of a response (RFC 9421 §2.2.9).</summary>
    public static SignatureComponent Status { get; } = Parse("\"@status\"");

    /// <summary>The name: of a field in lower case, or of a derived component with its <c>@</c>.</summary>
    public string Name { get; }

    /// <summary>The identifier as it stands in a signature: the quoted name and its parameters, for example <c>"@method";req</c>.</summary>
    public string Identifier { get; }

    /// <summary>Whether the value is taken from the request that a response answers (<c>req</c>, RFC 9421 §2.4).</summary>
    public bool IsFromRequest => (Parameters & ComponentParameters.Request) != 0;

    internal ComponentKind Kind { get; }

    internal ComponentParameters Parameters { get; }

    /// <summary>The value of <c>key</c> or <c>name</c>.</summary>
    internal string? Argument { get; }

    /// <summary>A field, all its lines joined (RFC 9421 §2.1).</summary>
    /// <param name="name">The field's name; upper case letters are lowered.</param>
    /// <exception cref="ArgumentException">The name is not a field name.</exception>
    public static SignatureComponent Field(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string lower = MessageTarget.Lower(name);
        return ComponentReader.IsFieldName(lower) && TryParse($"\"{lower}\"", out SignatureComponent? component)
            ? component
            : throw new ArgumentException("This is not the name of a field.", nameof(name));
    }

    /// <summary>One query parameter (RFC 9421 §2.2.8); a message that repeats it cannot be signed or verified.</summary>
    /// <param name="name">The name, decoded; it is encoded here as the RFC says.</param>
    public static SignatureComponent QueryParam(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string encoded = QueryParameters.Encode(name);
        return new SignatureComponent(
            ComponentKind.QueryParam, "@query-param", ComponentParameters.Name, encoded, $"\"@query-param\";name=\"{encoded}\"");
    }

    /// <summary>Reads an identifier.</summary>
    /// <param name="identifier">The identifier in canonical form, for example <c>"example-dict";key="member"</c>.</param>
    /// <exception cref="FormatException">This is not the identifier of a component, or its parameters exclude each other.</exception>
    public static SignatureComponent Parse(string identifier) =>
        TryParse(identifier, out SignatureComponent? component) ? component : throw new FormatException("This is not a component identifier.");

    /// <summary>Reads an identifier as <see cref="Parse"/> does, without an exception for bad text.</summary>
    /// <param name="identifier">The identifier in canonical form.</param>
    /// <param name="component">The component, or <see langword="null"/>.</param>
    /// <returns><see langword="true"/> if the text is the identifier of a component.</returns>
    public static bool TryParse(string identifier, [NotNullWhen(true)] out SignatureComponent? component)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        return ComponentReader.TryParse(identifier, out component);
    }

    /// <summary>The same component of the request that a response answers (<c>req</c>).</summary>
    public SignatureComponent FromRequest() => With(";req", ComponentParameters.Request);

    /// <summary>The field in its canonical structured form (<c>sf</c>); its type must be known, see <see cref="SignaturePolicy.StructuredFields"/>.</summary>
    public SignatureComponent AsStructuredField() => With(";sf", ComponentParameters.StructuredField);

    /// <summary>Every line of the field as a byte sequence (<c>bs</c>).</summary>
    public SignatureComponent AsByteSequences() => With(";bs", ComponentParameters.ByteSequence);

    /// <summary>The field of the trailers instead of the headers (<c>tr</c>).</summary>
    public SignatureComponent FromTrailers() => With(";tr", ComponentParameters.Trailer);

    /// <summary>One member of a field that is a dictionary (<c>key</c>).</summary>
    /// <param name="key">The key of the member.</param>
    /// <exception cref="ArgumentException">This is not the key of a dictionary.</exception>
    public SignatureComponent DictionaryMember(string key) =>
        StructuredText.IsKey(key) ? With($";key=\"{key}\"", ComponentParameters.Key) : throw new ArgumentException("This is not a key.", nameof(key));

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] SignatureComponent? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Kind == other.Kind && Parameters == other.Parameters
            && string.Equals(Name, other.Name, StringComparison.Ordinal) && string.Equals(Argument, other.Argument, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => Equals(obj as SignatureComponent);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Parameters, Argument);

    /// <summary>Returns <see cref="Identifier"/>.</summary>
    public override string ToString() => Identifier;

    private SignatureComponent With(string text, ComponentParameters parameter) =>
        (Parameters & parameter) == 0 && TryParse(Identifier + text, out SignatureComponent? component)
            ? component
            : throw new InvalidOperationException($"The component {Identifier} does not take the parameter '{text[1..]}'.");
}
