using System.Text;

namespace Sage.Crypto.Tests.Unit.Formats;

/// <summary>
/// One throwaway key of each algorithm but the RSA ones, written by <c>openssl genpkey</c> and <c>openssl pkey -pubout</c> (3.0); the JWK
/// members and thumbprints were computed from them with another library.
/// </summary>
public sealed record OpenSslKeys(KeyAlgorithm Algorithm, string PrivatePem, string PublicPem, string PublicJwk, string D, string Thumbprint)
{
    public static IReadOnlyList<OpenSslKeys> All { get; } =
    [
        new(
            KeyAlgorithm.Ed25519,
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIHUS41HQe52kLXPi3I+bdx8/wKQvO/ktC+0bmlGmxT/7
            -----END PRIVATE KEY-----

            """,
            """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAuxUhGkfNnAaZRTuBV14oMvBkG23FoVp573/xelxGkIs=
            -----END PUBLIC KEY-----

            """,
            """{"crv":"Ed25519","kty":"OKP","x":"uxUhGkfNnAaZRTuBV14oMvBkG23FoVp573_xelxGkIs"}""",
            "dRLjUdB7naQtc-Lcj5t3Hz_ApC87-S0L7RuaUabFP_s",
            "sra8C8LpzQcx4to7lrIt8FyivGV1RJ0onyhqJTFWf8Y"),
        new(
            KeyAlgorithm.X25519,
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VuBCIEILhsqlJKhmBV6ZDCaK8OIV12BExpX+HJPoC4FrtloQ5u
            -----END PRIVATE KEY-----

            """,
            """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VuAyEA9Qs005UjtxNzLgHLyLQZtivjMjeIlg03KVvkOy47IR8=
            -----END PUBLIC KEY-----

            """,
            """{"crv":"X25519","kty":"OKP","x":"9Qs005UjtxNzLgHLyLQZtivjMjeIlg03KVvkOy47IR8"}""",
            "uGyqUkqGYFXpkMJorw4hXXYETGlf4ck-gLgWu2WhDm4",
            "nHwg2og4FBo7EN5XwF9DvFl5e3V73hQ1nrX3cP1Kz6k"),
        new(
            KeyAlgorithm.Secp256k1,
            """
            -----BEGIN PRIVATE KEY-----
            MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQguinRqo4o/dliSSCNYRgB
            YC6/fLNRnQ3DoYAYf7hzcLahRANCAASCwHC7gguRg3CQ/HI1NysxlY3LQTBtvAdr
            es6rHBfFjUDDdYPA1HDky/A8lLZqzi7RVd2EGMmxTdAMU1XLYwNR
            -----END PRIVATE KEY-----

            """,
            """
            -----BEGIN PUBLIC KEY-----
            MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEgsBwu4ILkYNwkPxyNTcrMZWNy0EwbbwH
            a3rOqxwXxY1Aw3WDwNRw5MvwPJS2as4u0VXdhBjJsU3QDFNVy2MDUQ==
            -----END PUBLIC KEY-----

            """,
            """{"crv":"secp256k1","kty":"EC","x":"gsBwu4ILkYNwkPxyNTcrMZWNy0EwbbwHa3rOqxwXxY0","y":"QMN1g8DUcOTL8DyUtmrOLtFV3YQYybFN0AxTVctjA1E"}""",
            "uinRqo4o_dliSSCNYRgBYC6_fLNRnQ3DoYAYf7hzcLY",
            "7IOOkxpW9bNtRj2E1U9VDQMArEkFDWy4tHIZX0UJKA0"),
        new(
            KeyAlgorithm.P256,
            """
            -----BEGIN PRIVATE KEY-----
            MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgPKx6P2hDTDq8cex1
            z5eu5o2TpH7iAmZ6zMIReD94aU2hRANCAARGTTBN2oXt2lJb9NI5q0fFp1ROx8EK
            bpzO5nelxGnHc95Wyl0EDJ+SP7JP0ByrdaRmS+pjSbjB/yYIeXs0LAIy
            -----END PRIVATE KEY-----

            """,
            """
            -----BEGIN PUBLIC KEY-----
            MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAERk0wTdqF7dpSW/TSOatHxadUTsfB
            Cm6czuZ3pcRpx3PeVspdBAyfkj+yT9Acq3WkZkvqY0m4wf8mCHl7NCwCMg==
            -----END PUBLIC KEY-----

            """,
            """{"crv":"P-256","kty":"EC","x":"Rk0wTdqF7dpSW_TSOatHxadUTsfBCm6czuZ3pcRpx3M","y":"3lbKXQQMn5I_sk_QHKt1pGZL6mNJuMH_Jgh5ezQsAjI"}""",
            "PKx6P2hDTDq8cex1z5eu5o2TpH7iAmZ6zMIReD94aU0",
            "1YpOmyMG4qbdr-fSbapNwwOKbbpsEVg-ZDxHC1epzuI"),
        new(
            KeyAlgorithm.P384,
            """
            -----BEGIN PRIVATE KEY-----
            MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDB6pTSBkfZ/4WZ1kR8k
            ekVtq8YkweCadeFUVA/KyZYmSSYUTe0oRQUcFpf08RezwIuhZANiAARd4+HVJuWd
            Sc2aBKYNGuJrzROOcVQh2QKLOEmaEx2QxkP7dxm1MxImIjK++KHy0ti6Nt3JbcQN
            P7HHwLVxTwhiMte24IkTyAqrVld8KvsBC5TZH94X7uOeAJ7NrDpDxUY=
            -----END PRIVATE KEY-----

            """,
            """
            -----BEGIN PUBLIC KEY-----
            MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEXePh1SblnUnNmgSmDRria80TjnFUIdkC
            izhJmhMdkMZD+3cZtTMSJiIyvvih8tLYujbdyW3EDT+xx8C1cU8IYjLXtuCJE8gK
            q1ZXfCr7AQuU2R/eF+7jngCezaw6Q8VG
            -----END PUBLIC KEY-----

            """,
            """{"crv":"P-384","kty":"EC","x":"XePh1SblnUnNmgSmDRria80TjnFUIdkCizhJmhMdkMZD-3cZtTMSJiIyvvih8tLY","y":"ujbdyW3EDT-xx8C1cU8IYjLXtuCJE8gKq1ZXfCr7AQuU2R_eF-7jngCezaw6Q8VG"}""",
            "eqU0gZH2f-FmdZEfJHpFbavGJMHgmnXhVFQPysmWJkkmFE3tKEUFHBaX9PEXs8CL",
            "qqS0HxJmB_Tb0u223zg3eZVxz_cu2VmKGhyjP_3HfDg"),
    ];

    public byte[] PrivateJwk => Encoding.UTF8.GetBytes($"{PublicJwk[..^1]},\"d\":\"{D}\"}}");

    public static OpenSslKeys Of(KeyAlgorithm algorithm) => All.Single(keys => keys.Algorithm == algorithm);

    public PrivateKey Import(KeyExportPolicy policy = KeyExportPolicy.AllowPlaintextExport) =>
        Pem.ImportPrivateKey(Encoding.UTF8.GetBytes(PrivatePem), policy);

    public override string ToString() => Algorithm.Name;
}
