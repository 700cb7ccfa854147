using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Sage.Crypto.Internal;

namespace Sage.Crypto.Tests.KeyStore;

/// <summary>The file format against damage and against somebody who can write it but does not know the passphrase.</summary>
[TestFixture]
internal sealed class KeyStoreFileTests
{
    private static readonly string[] RootMembers = ["format", "version", "id", "revision", "kdf", "check", "keys", "checksum", "mac"];

    private static readonly string[] KeyMembers =
        ["name", "key_id", "algorithm", "public_key", "created_at", "current", "exportable", "nonce", "sealed"];

    private static readonly string[] OddValues =
        ["null", "true", "false", "0", "-1", "1.5", "1e400", "99999999999999999999", "\"\"", "\"x\"", "\"\\u0000\"", "[]", "{}", "[[[]]]"];

    private MasterKey master = null!;
    private byte[] file = null!;

    [OneTimeSetUp]
    public void WriteFile()
    {
        const string StoreId = "0f8fad5b-d9cb-469f-a165-70867728950e";
        byte[] salt = RandomNumberGenerator.GetBytes(16);
        master = MasterKey.Derive("passphrase"u8, salt, Cheap.Cost, StoreId);
        KeyRing<SealedKey> ring = KeyRing<SealedKey>.Empty.Add(Seal("owner", KeyAlgorithm.Secp256k1)).Add(Seal("agent", KeyAlgorithm.Ed25519));
        file = KeyStoreFile.Write(KeyStoreContent.Empty(StoreId, Cheap.Cost, salt, master).With(ring), master);
    }

    [OneTimeTearDown]
    public void DisposeMaster() => master.Dispose();

    [Test]
    public void The_file_as_written_is_accepted()
    {
        Assert.That(KeyStoreFile.TryParse(file, out KeyStoreFile? read, out _), Is.True);
        Assert.That(read!.IsAuthentic(master), Is.True);
        Assert.That(read.Content.Revision, Is.EqualTo(2));
        Assert.That(KeyStoreFile.Write(read.Content, master), Is.EqualTo(file));
    }

    [Test]
    public void A_forgery_that_changes_nothing_is_the_same_file() =>
        Assert.That(KeyStoreForgery.Change(file, _ => { }), Is.EqualTo(file));

    [Test]
    public void No_byte_can_have_any_other_value()
    {
        byte[] changed = [.. file];
        for (int i = 0; i < file.Length; i++)
        {
            for (int value = 0; value < 256; value++)
            {
                changed[i] = (byte)value;
                if (value != file[i] && IsAccepted(changed))
                {
                    Assert.Fail($"Byte {i} may be {value:x2} instead of {file[i]:x2}.");
                }
            }

            changed[i] = file[i];
        }
    }

    [Test]
    public void No_byte_before_the_trailer_can_change_even_if_the_checksum_fits()
    {
        string body = KeyStoreForgery.Body(file);
        string mac = KeyStoreForgery.Parse(file)["mac"]!.GetValue<string>();
        for (int i = 0; i < body.Length; i++)
        {
            char[] changed = body.ToCharArray();
            changed[i] ^= (char)(1 << (i % 7));
            Assert.That(IsAccepted(KeyStoreForgery.Seal(new string(changed), mac)), Is.False, $"character {i}");
        }
    }

    [Test]
    public void No_shorter_file_is_accepted()
    {
        for (int length = 0; length < file.Length; length++)
        {
            Assert.That(IsAccepted(file[..length]), Is.False, $"{length} bytes");
            Assert.That(IsAccepted(file[^length..]), Is.False, $"last {length} bytes");
        }
    }

    [TestCase(" ")]
    [TestCase("\n")]
    [TestCase("{}")]
    [TestCase("\0")]
    public void Nothing_may_follow_or_precede(string extra)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(extra);

        Assert.That(IsAccepted([.. file, .. bytes]), Is.False);
        Assert.That(IsAccepted([.. bytes, .. file]), Is.False);
    }

    [TestCaseSource(nameof(RootMembers))]
    public void A_member_is_neither_missing_nor_there_twice(string member)
    {
        Assert.That(Error(KeyStoreForgery.Change(file, root => Replace(root, member, null))), Is.EqualTo(KeyStoreError.Corrupted));
        string text = Encoding.UTF8.GetString(file);
        int at = text.IndexOf($"\"{member}\"", StringComparison.Ordinal);

        Assert.That(Error(Encoding.UTF8.GetBytes(text.Insert(at, $"\"{member}\": 1, "))), Is.EqualTo(KeyStoreError.Corrupted));
    }

    [TestCaseSource(nameof(KeyMembers))]
    public void A_member_of_a_key_is_neither_missing_nor_of_another_kind(string member)
    {
        Assert.That(Error(KeyStoreForgery.Change(file, root => root["keys"]![0]!.AsObject().Remove(member))), Is.EqualTo(KeyStoreError.Corrupted));
        foreach (string odd in OddValues)
        {
            bool fits = member is "name" ? odd is "\"x\"" : member is "current" or "exportable" && odd is "true" or "false";
            if (!fits)
            {
                string body = KeyStoreForgery.Body(KeyStoreForgery.Change(file, root => root["keys"]![0]![member] = "ODD"));
                byte[] forged = KeyStoreForgery.Seal(body.Replace("\"ODD\"", odd, StringComparison.Ordinal), Mac);
                Assert.That(Error(forged), Is.EqualTo(KeyStoreError.Corrupted), odd);
            }
        }
    }

    [TestCase("id")]
    [TestCase("revision")]
    [TestCase("kdf")]
    [TestCase("check")]
    [TestCase("keys")]
    public void A_member_has_one_kind_of_value(string member)
    {
        foreach (string odd in OddValues.Where(odd => !(member == "keys" && odd == "[]")))
        {
            string body = KeyStoreForgery.Body(KeyStoreForgery.Change(file, root => root[member] = "ODD"));
            Assert.That(Error(KeyStoreForgery.Seal(body.Replace("\"ODD\"", odd, StringComparison.Ordinal), Mac)), Is.EqualTo(KeyStoreError.Corrupted), odd);
        }
    }

    [Test]
    public void An_unknown_member_is_refused()
    {
        Assert.That(Error(KeyStoreForgery.Change(file, root => root["comment"] = "x")), Is.EqualTo(KeyStoreError.Corrupted));
        Assert.That(Error(KeyStoreForgery.Change(file, root => root["kdf"]!["pepper"] = "x")), Is.EqualTo(KeyStoreError.Corrupted));
        Assert.That(Error(KeyStoreForgery.Change(file, root => root["keys"]![0]!["note"] = "x")), Is.EqualTo(KeyStoreError.Corrupted));
    }

    [Test]
    public void Another_layout_of_the_same_members_is_refused()
    {
        string compact = KeyStoreForgery.Parse(file).ToJsonString();

        Assert.That(Error(Encoding.UTF8.GetBytes(compact)), Is.EqualTo(KeyStoreError.Corrupted));
    }

    [TestCase(0)]
    [TestCase(2)]
    [TestCase(int.MaxValue)]
    public void Another_version_is_unsupported_rather_than_corrupted(int version) =>
        Assert.That(Error(KeyStoreForgery.Change(file, root => root["version"] = version)), Is.EqualTo(KeyStoreError.Unsupported));

    [Test]
    public void A_later_version_may_have_any_layout() => Assert.That(
        Error("""{"format":"sage-key-store","version":2,"anything":[]}"""u8.ToArray()), Is.EqualTo(KeyStoreError.Unsupported));

    [TestCase(256 * 1024, 10, null)]
    [TestCase((256 * 1024) + 1, 1, KeyStoreError.Unsupported)]
    [TestCase(64 * 1024, 11, KeyStoreError.Unsupported)]
    [TestCase(int.MaxValue, int.MaxValue, KeyStoreError.Unsupported)]
    [TestCase(7, 1, KeyStoreError.Unsupported)]
    [TestCase(8, 0, KeyStoreError.Unsupported)]
    [TestCase(-1, 1, KeyStoreError.Corrupted)]
    [TestCase(1L << 40, 1, KeyStoreError.Corrupted)]
    public void A_cost_beyond_the_limits_is_refused(long memory, long passes, KeyStoreError? error)
    {
        byte[] forged = KeyStoreForgery.Change(file, root =>
        {
            root["kdf"]!["memory_kib"] = memory;
            root["kdf"]!["passes"] = passes;
        });

        Assert.That(Error(forged), Is.EqualTo(error));
    }

    [Test]
    public void More_than_one_lane_is_refused() =>
        Assert.That(Error(KeyStoreForgery.Change(file, root => root["kdf"]!["lanes"] = 4)), Is.EqualTo(KeyStoreError.Corrupted));

    [Test]
    public void Another_derivation_is_refused() =>
        Assert.That(Error(KeyStoreForgery.Change(file, root => root["kdf"]!["name"] = "scrypt")), Is.EqualTo(KeyStoreError.Corrupted));

    [Test]
    public void A_name_has_exactly_one_current_key()
    {
        Assert.That(Error(KeyStoreForgery.Change(file, root => root["keys"]![0]!["current"] = false)), Is.EqualTo(KeyStoreError.Corrupted));
        Assert.That(Error(KeyStoreForgery.Change(file, root => root["keys"]![1]!["name"] = "owner")), Is.EqualTo(KeyStoreError.Corrupted));
    }

    [Test]
    public void A_public_key_off_the_curve_is_refused() => Assert.That(
        Error(KeyStoreForgery.Change(file, root => root["keys"]![1]!["public_key"] = Convert.ToBase64String(new byte[32]))),
        Is.EqualTo(KeyStoreError.Corrupted));

    [Test]
    public void More_keys_than_a_store_holds_are_refused()
    {
        byte[] forged = KeyStoreForgery.Change(file, root =>
        {
            JsonArray keys = root["keys"]!.AsArray();
            JsonNode key = keys[0]!;
            for (int i = keys.Count; i <= KeyRing<SealedKey>.MaximumKeys; i++)
            {
                JsonNode copy = key.DeepClone();
                copy["name"] = $"n{i}";
                keys.Add(copy);
            }
        });

        Assert.That(Error(forged), Is.EqualTo(KeyStoreError.Corrupted));
    }

    [Test]
    public void A_full_store_with_the_longest_names_fits_the_limit_and_takes_no_more()
    {
        StoredKey<SealedKey> key = Seal("owner", KeyAlgorithm.P256);
        KeyRing<SealedKey> ring = KeyRing<SealedKey>.Empty;
        for (int i = 0; i < KeyRing<SealedKey>.MaximumKeys; i++)
        {
            ring = ring.Add(Named(key, $"{i:d4}".PadRight(KeyName.MaximumLength, 'n')));
        }

        Assert.That(KeyStoreFile.TryParse(file, out KeyStoreFile? read, out _), Is.True);
        byte[] full = KeyStoreFile.Write(read!.Content.With(ring), master);
        Assert.That(full, Has.Length.LessThan(KeyStoreFile.MaximumSize));
        Assert.That(IsAccepted(full), Is.True);
        Assert.That(() => ring.Add(Named(key, "one-more")), Refusal.With(KeyStoreError.Full));
        Assert.That(() => ring.Rotate(Seal("0000".PadRight(KeyName.MaximumLength, 'n'), KeyAlgorithm.Ed25519)), Refusal.With(KeyStoreError.Full));
    }

    [Test]
    public void A_sealed_key_opens_only_as_the_entry_it_was_sealed_for()
    {
        StoredKey<SealedKey> stored = Seal("agent", KeyAlgorithm.Ed25519);
        KeyStoreEntry entry = stored.Entry;
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
        using MasterKey otherStore = MasterKey.Derive("passphrase"u8, new byte[16], Cheap.Cost, "other");

        using PrivateKey? opened = master.TryOpen(stored);
        Assert.That(opened, Is.Not.Null);
        Assert.That(otherStore.TryOpen(stored), Is.Null);
        Assert.That(master.TryOpen(Named(stored, "other")), Is.Null);
        Assert.That(Open(new KeyStoreEntry(entry.Name, other.PublicKey, entry.CreatedAt, true, entry.ExportPolicy)), Is.Null);
        Assert.That(Open(new KeyStoreEntry(entry.Name, agreement.PublicKey, entry.CreatedAt, true, entry.ExportPolicy)), Is.Null);
        Assert.That(Open(new KeyStoreEntry(entry.Name, entry.PublicKey, entry.CreatedAt, true, KeyExportPolicy.AllowPlaintextExport)), Is.Null);

        PrivateKey? Open(KeyStoreEntry claimed) => master.TryOpen(new StoredKey<SealedKey>(claimed, stored.Secret));
    }

    [Test]
    public void No_two_seals_share_a_nonce()
    {
        using PrivateKey key = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        KeyStoreEntry entry = new("agent", key.PublicKey, DateTimeOffset.UnixEpoch, true, KeyExportPolicy.None);

        IEnumerable<string> nonces = Enumerable.Range(0, 1000).Select(_ => Convert.ToHexString(master.Seal(entry, key).Secret.Nonce));

        Assert.That(nonces, Is.Unique);
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property Random_bytes_are_refused_without_an_exception() =>
        Prop.ForAll<byte[]>(bytes => !IsAccepted(bytes));

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public Property A_file_with_a_random_piece_in_it_is_refused_without_an_exception() =>
        Prop.ForAll<byte[], int, byte>((piece, at, length) =>
        {
            int start = (int)((uint)at % (uint)file.Length);
            int end = Math.Min(file.Length, start + length);
            byte[] changed = [.. file[..start], .. piece, .. file[end..]];
            return Bytes.PublicEquals(changed, file) || !IsAccepted(changed);
        });

    private string Mac => KeyStoreForgery.Parse(file)["mac"]!.GetValue<string>();

    private static KeyStoreError? Error(byte[] bytes) => KeyStoreFile.TryParse(bytes, out _, out KeyStoreError error) ? null : error;

    private static void Replace(JsonObject root, string member, JsonNode? value)
    {
        if (member is "checksum" or "mac")
        {
            // These two are put back by the forgery, so the damage must look different.
            root[member == "mac" ? "mac" : "check"] = "";
            return;
        }

        root.Remove(member);
        if (value is not null)
        {
            root[member] = value;
        }
    }

    private static StoredKey<SealedKey> Named(StoredKey<SealedKey> key, string name) => new(
        new KeyStoreEntry(name, key.Entry.PublicKey, key.Entry.CreatedAt, key.Entry.IsCurrent, key.Entry.ExportPolicy), key.Secret);

    private bool IsAccepted(byte[] bytes) => KeyStoreFile.TryParse(bytes, out KeyStoreFile? read, out _) && read.IsAuthentic(master);

    private StoredKey<SealedKey> Seal(string name, KeyAlgorithm algorithm)
    {
        using PrivateKey key = PrivateKey.Generate(algorithm);
        return master.Seal(new KeyStoreEntry(name, key.PublicKey, DateTimeOffset.UnixEpoch, isCurrent: true, key.ExportPolicy), key);
    }
}
