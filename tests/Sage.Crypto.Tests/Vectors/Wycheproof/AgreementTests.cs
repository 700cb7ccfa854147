namespace Sage.Crypto.Tests.Vectors.Wycheproof;

[TestFixture]
public sealed class AgreementTests
{
    // Points on the twist and coordinates that are not reduced: RFC 7748 §5 takes both, and the result is not zero.
    private const string AcceptedX25519 =
        "2-31 87-99 101 103 106 108 111-112 114-116 119 121 124 126-127 129-130 133 136 139-140 147-148 155 159-160 162 " +
        "167 169 176 181-183 186 192-193 196-201 205-207 210-211 215-217 221-222 226 229 231-234 237 239-240 242-243 " +
        "247 251 253 256-257 259-263 265-266 271-272 274 276 279 281 283-284 286-288 290-291 293 296 298 300 302 " +
        "306-307 313-315 318 320 323 326-329 333 335 338 344 346 350 356-357 362 364-366 370 373 375 380-382 387-388 " +
        "390 392 394-396 401 405-406 412 415-416 418-421 425 427 430-432 435 438 443 445-448 450-452 457-458 461-464 " +
        "466 469 472-473 477-478 481-482 484-485 488-489 492 494 498 501 503 505-506 512";

    // Low-order points, refused when the public key is imported.
    private const string RefusedX25519 = "32-33 63-86 117-118 154 165-166";

    [Test]
    public void X25519()
    {
        SortedSet<int> refused = [];
        WycheproofFile file = WycheproofFile.Run("x25519_test.json", (_, test) =>
        {
            if (!PublicKey.TryImport(KeyAlgorithm.X25519, WycheproofFile.Hex(test, "public"), out PublicKey? peer))
            {
                refused.Add(test.GetProperty("tcId").GetInt32());
                Assert.That(WycheproofFile.Hex(test, "shared"), Is.All.Zero);
                return false;
            }

            using PrivateKey key = PrivateKey.Import(KeyAlgorithm.X25519, WycheproofFile.Hex(test, "private"));
            byte[] shared = new byte[32];
            bool agreed = key.TryAgree(peer, shared);
            Assert.That(agreed, Is.True, "import has refused every low-order point");
            Assert.That(shared, Is.EqualTo(WycheproofFile.Hex(test, "shared")));
            return agreed;
        });

        Assert.That(file.Wrong, Is.Empty);
        Assert.That(file.Accepted, Is.EqualTo(AcceptedX25519));
        Assert.That(WycheproofFile.Format(refused), Is.EqualTo(RefusedX25519));
        Assert.That(file.Count, Is.EqualTo(518));
    }
}
