using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Sage.Crypto;

namespace Sage.Conventions.Tests;

/// <summary>What may never happen to a type that holds a secret.</summary>
[TestFixture]
internal sealed partial class SecretTests
{
    private static readonly Type[] Primitives =
    [
        Repository.Load("Sage.Crypto").GetType("Sage.Crypto.Internal.SecretBuffer", throwOnError: true)!,
        typeof(ChaCha20Poly1305),
        typeof(AesGcm),
        typeof(IncrementalHash),
        typeof(PrivateKey),
    ];

    /// <summary>Every product type with a secret in one of its fields, however deep.</summary>
    private static HashSet<Type> Holders
    {
        get
        {
            Type[] all = [.. Repository.Libraries.SelectMany(assembly => assembly.GetTypes()).Where(type => !type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute)))];
            HashSet<Type> holders = [.. Primitives];
            bool grew = true;
            while (grew)
            {
                Type[] found = [.. all.Where(type => !holders.Contains(type) && Fields(type).Any(member => Parts(member.FieldType).Any(holders.Contains)))];
                holders.UnionWith(found);
                grew = found.Length > 0;
            }

            return holders;
        }
    }

    [Test]
    public void The_search_finds_the_known_holders() =>
        Assert.That(Holders.Select(type => type.Name), Is.SupersetOf(new[] { "PrivateKey", "KeySigner" }));

    [Test]
    public void A_holder_of_secrets_is_not_a_record_and_not_a_public_structure()
    {
        IEnumerable<string> offenders = Holders
            .Where(type => type.GetMethod("PrintMembers", BindingFlags.Instance | BindingFlags.NonPublic) is not null || (type.IsValueType && type.IsVisible))
            .Select(type => type.FullName!);

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void A_holder_of_secrets_shows_none_in_the_debugger()
    {
        foreach (Type type in Holders)
        {
            if (type.GetCustomAttribute<DebuggerDisplayAttribute>() is { Value: { } display })
            {
                Assert.That(SecretWord().IsMatch(display), Is.False, $"{type.FullName}: {display}");
            }
        }
    }

    [Test]
    public void No_property_hands_out_secret_bytes()
    {
        IEnumerable<string> offenders = Holders
            .Where(type => type.IsVisible && type.Assembly.GetName().Name!.StartsWith("Sage", StringComparison.Ordinal))
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            .Where(property => IsBytes(property.PropertyType))
            .Select(property => $"{property.DeclaringType!.FullName}.{property.Name}");

        Assert.That(offenders, Is.Empty);
    }

    [Test]
    public void Options_hold_references_to_secrets_and_never_a_secret()
    {
        IEnumerable<string> offenders = Repository.Libraries.SelectMany(assembly => assembly.GetExportedTypes())
            .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
            .SelectMany(type => type.GetProperties())
            .Where(property => IsBytes(property.PropertyType) || property.PropertyType == typeof(PrivateKey)
                || (property.PropertyType == typeof(string) && SecretWord().IsMatch(property.Name) && !property.Name.EndsWith("File", StringComparison.Ordinal)
                    && !property.Name.EndsWith("Variable", StringComparison.Ordinal)))
            .Select(property => $"{property.DeclaringType!.FullName}.{property.Name}");

        Assert.That(offenders, Is.Empty);
    }

    [TestCase("ed25519")]
    [TestCase("x25519")]
    [TestCase("secp256k1")]
    [TestCase("p256")]
    public void The_text_of_a_private_key_shows_nothing_of_it(string name)
    {
        Assert.That(KeyAlgorithm.TryParse(name, out KeyAlgorithm? algorithm), Is.True);
        byte[] raw = SHA256.HashData("a private key"u8);
        using PrivateKey key = PrivateKey.Import(algorithm!, raw, KeyExportPolicy.AllowPlaintextExport);
        string text = $"{key} {new KeySignerOrNull(key)}";

        using (Assert.EnterMultipleScope())
        {
            Assert.That(text, Does.Not.Contain(Convert.ToHexString(raw)[..8]).IgnoreCase);
            Assert.That(text, Does.Not.Contain(Convert.ToBase64String(raw)[..8]));
        }
    }

    [GeneratedRegex("secret|seed|passphrase|password|privatekey|private_key", RegexOptions.IgnoreCase)]
    private static partial Regex SecretWord();

    private static bool IsBytes(Type type) =>
        type == typeof(byte[]) || type == typeof(Memory<byte>) || type == typeof(ReadOnlyMemory<byte>)
        || type == typeof(Span<byte>) || type == typeof(ReadOnlySpan<byte>);

    private static FieldInfo[] Fields(Type type) =>
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);

    private static IEnumerable<Type> Parts(Type type)
    {
        yield return type;
        if (type.HasElementType)
        {
            yield return type.GetElementType()!;
        }

        foreach (Type argument in type.GenericTypeArguments)
        {
            yield return argument;
        }
    }

    /// <summary>Prints a signer where the algorithm has one.</summary>
    private readonly struct KeySignerOrNull(PrivateKey key)
    {
        public override string ToString() => key.Algorithm.CanSign ? new KeySigner(key).ToString()! : "";
    }
}
