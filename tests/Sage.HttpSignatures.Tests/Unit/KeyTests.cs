using Sage.Crypto;

namespace Sage.HttpSignatures.Tests.Unit;

/// <summary>What the source of keys may answer, and what keys must be.</summary>
[TestFixture]
internal sealed class KeyTests
{
    [TestCase(KeyResolutionStatus.NotFound, SignatureError.KeyNotFound)]
    [TestCase(KeyResolutionStatus.Invalid, SignatureError.KeyNotFound)]
    [TestCase(KeyResolutionStatus.Deactivated, SignatureError.SignerDeactivated)]
    [TestCase(KeyResolutionStatus.NoUsableKey, SignatureError.KeyNotUsable)]
    public async Task A_key_that_is_not_resolved_verifies_nothing(KeyResolutionStatus status, SignatureError expected)
    {
        using Bench bench = new();
        bench.Keys.Add(Bench.KeyId, new KeyResolution { Status = status, Keys = [bench.Key.PublicKey], ObservedAt = bench.Time.GetUtcNow() });

        Assert.That(await bench.ErrorAsync(await bench.SignAsync(TestMessage.Get())), Is.EqualTo(expected));
    }

    [Test]
    public async Task No_key_at_all_verifies_nothing()
    {
        using Bench bench = new();
        bench.Keys.Add(Bench.KeyId, Bench.Agent);

        Assert.That(await bench.ErrorAsync(await bench.SignAsync(TestMessage.Get())), Is.EqualTo(SignatureError.KeyNotUsable));
    }

    [TestCase(300, SignatureError.None)]
    [TestCase(301, SignatureError.KeyTooOld)]
    public async Task What_is_known_of_a_key_has_an_age(int age, SignatureError expected)
    {
        using Bench bench = new();
        bench.Keys.Add(Bench.KeyId, new KeyResolution
        {
            Status = KeyResolutionStatus.Resolved,
            Subject = Bench.Agent,
            Keys = [bench.Key.PublicKey],
            ObservedAt = bench.Time.GetUtcNow().AddSeconds(-age),
        });

        Assert.That(await bench.ErrorAsync(await bench.SignAsync(TestMessage.Get())), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_source_of_keys_that_fails_lets_nothing_through()
    {
        using Bench bench = new();
        TestMessage message = await bench.SignAsync(TestMessage.Get());
        foreach (Exception failure in new Exception[] { new IOException(), new InvalidOperationException(), new OperationCanceledException("its own timeout") })
        {
            bench.Keys.Failure = failure;
            Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.KeySourceUnavailable));
        }

        bench.Keys.Failure = null;
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.None), "the nonce was not used up");
    }

    [Test]
    public void A_caller_that_cancels_is_told_so()
    {
        using Bench bench = new();
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        bench.Keys.Failure = new OperationCanceledException(cancelled.Token);
        TestMessage message = TestMessage.Get().Add("Signature-Input", $"sig1=(\"@method\" \"@target-uri\" \"@authority\"){Bench.Good}").Add("Signature", "sig1=:AAAA:");

        Assert.That(
            async () => await bench.Verifier.VerifyAsync(message.ToContext(), cancellationToken: cancelled.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("ed25519", SignatureError.None)]
    [TestCase("ecdsa-p256-sha256", SignatureError.AlgorithmMismatch)]
    [TestCase("hmac-sha256", SignatureError.AlgorithmMismatch)]
    [TestCase("Ed25519", SignatureError.AlgorithmMismatch)]
    [TestCase("none", SignatureError.AlgorithmMismatch)]
    [TestCase("", SignatureError.AlgorithmMismatch)]
    public async Task The_algorithm_is_the_keys_whatever_the_message_says(string algorithm, SignatureError expected)
    {
        using Bench bench = new();
        TestMessage message = bench.Forge(TestMessage.Get(), $"(\"@method\" \"@target-uri\" \"@authority\"){Bench.Good};alg=\"{algorithm}\"");

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(expected));
    }

    [Test]
    public async Task An_algorithm_the_policy_does_not_name_is_refused()
    {
        using Bench bench = new(KeyAlgorithm.P256);
        TestMessage message = await bench.SignAsync(TestMessage.Get());

        Assert.That(await bench.ErrorAsync(message, SignaturePolicy.Default with { Algorithms = [KeyAlgorithm.Ed25519] }), Is.EqualTo(SignatureError.AlgorithmNotAllowed));
        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.None));
    }

    [Test]
    public async Task Es256k_exists_only_in_the_SAGE_profile()
    {
        using Bench bench = new(KeyAlgorithm.Secp256k1);
        TestMessage message = bench.Forge(TestMessage.Get(), $"(\"@method\" \"@target-uri\" \"@authority\"){Bench.Good};alg=\"es256k\"");

        Assert.That(await bench.ErrorAsync(message), Is.EqualTo(SignatureError.AlgorithmNotAllowed));
        Assert.That(await bench.ErrorAsync(message, SignaturePolicy.Sage), Is.EqualTo(SignatureError.None));
        Assert.That(() => bench.Signer(SignaturePolicy.Default), Throws.ArgumentException);
        Assert.That(() => bench.Signer(SignaturePolicy.WebBotAuth), Throws.ArgumentException);
    }

    [Test]
    public async Task A_key_that_only_agrees_verifies_nothing()
    {
        using Bench bench = new();
        using PrivateKey agreement = PrivateKey.Generate(KeyAlgorithm.X25519);
        bench.Keys.Add(Bench.KeyId, Bench.Agent, agreement.PublicKey);
        TestMessage message = await bench.SignAsync(TestMessage.Get());

        Assert.That(
            await bench.ErrorAsync(message, SignaturePolicy.Default with { Algorithms = [KeyAlgorithm.X25519, KeyAlgorithm.Ed25519] }),
            Is.EqualTo(SignatureError.AlgorithmNotAllowed));
    }

    [Test]
    public async Task Any_of_several_candidates_may_have_signed()
    {
        using Bench bench = new();
        using PrivateKey newer = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.P256);
        bench.Keys.Add(Bench.KeyId, Bench.Agent, other.PublicKey, newer.PublicKey, bench.Key.PublicKey);

        SignatureVerificationResult result = await bench.VerifyAsync(await bench.SignAsync(TestMessage.Get()));

        Assert.That(result.Signature?.Key, Is.EqualTo(bench.Key.PublicKey));
        Assert.That(result.Signature!.Subject, Is.EqualTo(Bench.Agent));
    }

    [Test]
    public async Task Of_several_candidates_the_one_that_came_furthest_gives_the_reason()
    {
        using Bench bench = new();
        using PrivateKey newer = PrivateKey.Generate(KeyAlgorithm.Ed25519);
        using PrivateKey other = PrivateKey.Generate(KeyAlgorithm.P256);
        bench.Keys.Add(Bench.KeyId, Bench.Agent, newer.PublicKey, other.PublicKey);

        Assert.That(await bench.ErrorAsync(await bench.SignAsync(TestMessage.Get())), Is.EqualTo(SignatureError.BadSignature));
    }
}
