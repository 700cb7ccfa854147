using Sage.Crypto;

foreach (KeyAlgorithm algorithm in KeyAlgorithm.All)
{
    using PrivateKey key = PrivateKey.Generate(algorithm);
    Console.WriteLine(key.PublicKey);
}
