namespace Sage.Crypto.Tests.Unit.Formats;

/// <summary>RSA keys that others made: those of RFC 9421 B.1 and two of <c>openssl genpkey</c> (3.0).</summary>
internal static class RsaKeys
{
    /// <summary>test-key-rsa-pss, marked id-RSASSA-PSS.</summary>
    public const string PssPrivatePem = """
        -----BEGIN PRIVATE KEY-----
        MIIEvgIBADALBgkqhkiG9w0BAQoEggSqMIIEpgIBAAKCAQEAr4tmm3r20Wd/Pbqv
        P1s2+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry5
        3mm+oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7Oyr
        FAHqgDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUA
        AN5WUtzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw
        9lq4aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oy
        c6XI2wIDAQABAoIBAQCUB8ip+kJiiZVKF8AqfB/aUP0jTAqOQewK1kKJ/iQCXBCq
        pbo360gvdt05H5VZ/RDVkEgO2k73VSsbulqezKs8RFs2tEmU+JgTI9MeQJPWcP6X
        aKy6LIYs0E2cWgp8GADgoBs8llBq0UhX0KffglIeek3n7Z6Gt4YFge2TAcW2WbN4
        XfK7lupFyo6HHyWRiYHMMARQXLJeOSdTn5aMBP0PO4bQyk5ORxTUSeOciPJUFktQ
        HkvGbym7KryEfwH8Tks0L7WhzyP60PL3xS9FNOJi9m+zztwYIXGDQuKM2GDsITeD
        2mI2oHoPMyAD0wdI7BwSVW18p1h+jgfc4dlexKYRAoGBAOVfuiEiOchGghV5vn5N
        RDNscAFnpHj1QgMr6/UG05RTgmcLfVsI1I4bSkbrIuVKviGGf7atlkROALOG/xRx
        DLadgBEeNyHL5lz6ihQaFJLVQ0u3U4SB67J0YtVO3R6lXcIjBDHuY8SjYJ7Ci6Z6
        vuDcoaEujnlrtUhaMxvSfcUJAoGBAMPsCHXte1uWNAqYad2WdLjPDlKtQJK1diCm
        rqmB2g8QE99hDOHItjDBEdpyFBKOIP+NpVtM2KLhRajjcL9Ph8jrID6XUqikQuVi
        4J9FV2m42jXMuioTT13idAILanYg8D3idvy/3isDVkON0X3UAVKrgMEne0hJpkPL
        FYqgetvDAoGBAKLQ6JZMbSe0pPIJkSamQhsehgL5Rs51iX4m1z7+sYFAJfhvN3Q/
        OGIHDRp6HjMUcxHpHw7U+S1TETxePwKLnLKj6hw8jnX2/nZRgWHzgVcY+sPsReRx
        NJVf+Cfh6yOtznfX00p+JWOXdSY8glSSHJwRAMog+hFGW1AYdt7w80XBAoGBAImR
        NUugqapgaEA8TrFxkJmngXYaAqpA0iYRA7kv3S4QavPBUGtFJHBNULzitydkNtVZ
        3w6hgce0h9YThTo/nKc+OZDZbgfN9s7cQ75x0PQCAO4fx2P91Q+mDzDUVTeG30mE
        t2m3S0dGe47JiJxifV9P3wNBNrZGSIF3mrORBVNDAoGBAI0QKn2Iv7Sgo4T/XjND
        dl2kZTXqGAk8dOhpUiw/HdM3OGWbhHj2NdCzBliOmPyQtAr770GITWvbAI+IRYyF
        S7Fnk6ZVVVHsxjtaHy1uJGFlaZzKR4AGNaUTOJMs6NadzCmGPAxNQQOCqoUjn4XR
        rOjr9w349JooGXhOxbu8nOxX
        -----END PRIVATE KEY-----

        """;

    /// <summary>test-key-rsa-pss, marked rsaEncryption.</summary>
    public const string PssPublicPem = """
        -----BEGIN PUBLIC KEY-----
        MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
        +QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
        oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
        gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
        Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
        aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
        2wIDAQAB
        -----END PUBLIC KEY-----

        """;

    /// <summary>The modulus of test-key-rsa-pss.</summary>
    public const string PssModulus =
        "r4tmm3r20Wd_PbqvP1s2-QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct-Lh1GH45x28Rw3Ry53mm-oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHqgDsznjPFmTOtCEcN2Z1FpWgchwuYLPL-Wokqltd11nqqzi-bJ9cvSKADYdUAAN5WUtzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4aOT9v6d-nb4bnNkQVklLQ3fVAvJm-xdDOp9LCNCN48V2pnDOkFV6-U9nV5oyc6XI2w";

    /// <summary>The modulus of test-key-rsa.</summary>
    public const string V15Modulus =
        "hAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrwWEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFqMGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd_QBwVW9OwNFhekro3RtlinV0a75jfZgkne_YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0PuKxI4T-HIaFpv8-rdV6eUgOrB2xeI1dSFFn_nnv5OoZJEIB-VmuKn3DCUcCZSFlQPSXSfBDiUGhwOw76WuSSsf1D4b_vLoJ10w";

    /// <summary>Marked id-RSASSA-PSS with SHA-512, MGF1 with SHA-512 and a salt of 64.</summary>
    public const string RestrictedPublicPem = """
        -----BEGIN PUBLIC KEY-----
        MIIBVjBBBgkqhkiG9w0BAQowNKAPMA0GCWCGSAFlAwQCAwUAoRwwGgYJKoZIhvcN
        AQEIMA0GCWCGSAFlAwQCAwUAogMCAUADggEPADCCAQoCggEBALx4YDI5KD0OsU2A
        hDDdUCcQGMnbwTcyhx4uFZzeDVGUefQ8Cb3CgzVYOFkmBTD6DDIEU3PISv7fQNR8
        sOYci08ZwPa+WsC+fDewMDlTeGpjg65iqiwcsuKplGAEBaq9f7egARdBE2y3/KqZ
        0sPU6YOqfi/mmsohZK9/hFs8y1E6ikVx0etzlt9ebJoiMdWUdqwY6Uz2/21Ma75M
        s6tr9VY2t4crXpavDU1GGugyChmhnjSbDUTkc+kX3TmdzmLcn507Zfnyx7X6CxS8
        aKUxoC9kXbg84Ao//Clocr8amz5TV9dSzu0VjfSU5UNsyBz9zBVwjuBqlmCAEt2O
        mzCKtn0CAwEAAQ==
        -----END PUBLIC KEY-----

        """;

    /// <summary>8192 bits, marked rsaEncryption.</summary>
    public const string LongestPrivatePem = """
        -----BEGIN PRIVATE KEY-----
        MIISQQIBADANBgkqhkiG9w0BAQEFAASCEiswghInAgEAAoIEAQCoLFb07DtdoTID
        piDc08PfuQpUjY9y+eONcGUht7Pc8cCVk6I5cs94HQXFOBTw7EE7CrcKCt9ZKgwd
        D3AVU7fktUxg1y5/c9wKE61u7YZhSTVtFY4Pywf0+8ub9cEN3qB0bzUJQ7wA+F08
        ofld7LmcwtZEuPgIvoRoU9NOAMNiQCNa0UALam4VWYMi/tU0CcCty822L1qY0JVA
        +TXttFgTFba1WyCmqBgYacl4uS6nZAgVr4Yb8MdW8tREpsQCy+xKVj95YNuCb5c3
        pmJCmmxWQBpepTxT1+jXk84dgWdXeyeajGhB1jY7TDWzVFW8sMtfCiyMzvYExM/4
        mg6T2i9KcnpFUt6l1+smBzQJPV3ht6KynpndF/50rJaA1h9LOcOUR8umE0off+k0
        1nBBOXzJX1ntwfhOJVBH7S7PWESsneQEqK+sPM/uZbU6lrXK9h0lHchNED03jQd6
        FNaeMIsPoLxuD2JGn3Wtg3fhU0uUy9dtBGBhDhGRkQscoSxM4I2WPDw/4Ud7m38Y
        /PFm6BOzYXxg/fXSQ+aZajKBzVXJ5VBbhnQq5fvPvsL0vA4rH9sAGS8l2YATeYim
        l28pbpE0Uru2MeRdNXc06eR4dlcC+8FM1GuL5YNfamUK+53YQFzyfcyldSLUzlEx
        PRiHC0XlVTG8V5gQyZQvvLgwXwToF1TJdOSQ/yPh8XHSn+JaOVnXFFBKc7hYsnMB
        NbcxCT8B5jMC0tV9UGLoRWd3zDwuFmHLqcUamL3NGgh+5etZ9bgufKB+coCRZZcE
        PXqAu3hK2EnHaB6Ejw20c1Xa0Ou9KWhGYs/owwSq9nCl71kOnsNsDI8JmlC/XWpp
        NfDo+PoBW/XX9vvkyOHXwmReAld7PLI7eJ0Ih9Z7qmkbksN9CB07ZIgg5LWt+Z3i
        SIkpc/lxUEfTKa4Kk7sozu6bQzZHjbZP5JfUQcIrIfp6TEC0/Ht5nsCIVhjmZiUc
        Ns/ie4Cl2JSMlu4pSSkEBOsUFKAFN86A9Vt4BI/+Nlf0Jlc93cRTx/WiGvbBbuCX
        OmSfVWx3ZOv1eLhML9Z5gY2L6j+zs+MkQ4Rl1upUi95vBkqJM6xQQiMzsn4AzZZP
        eifIiJ3sZmzkMcNHkTzn/wOXYJERcNLVNbKZTkjjJieuBOeBJuZqfVN4RR8SnvMc
        OtrbHbZ4+pg14pdmaDIswE8FrpgZRsUGox1I4yIwtO+AI1guci/DAbbC5dlCAGqt
        y7hJ3hL2IL6Oit9q34d1QZa9qX0VryXCClnQK2jKn2+eo9i2Z4g1Ix/gC13pVfS+
        B5JjlV+a79reWmB0CZqMRnaeWcsThnQnJiDzfecWKPRDRASMB6ErWKcxKG14Zmta
        olT6HgP5AgMBAAECggQAKBqex/x3sb3JjAY3awHTAYyCcqRpc3007xtA+rfwm/1I
        tELHGlUPNbESGbRkhgmJCrfk62+pUH2O8vUmAOf8f/1eD+/wpjMuY3bK0puxAo0v
        QOq1fH2p0ZmkNfZ2icSv1eRZLPLqp/6SWW205lmX79KkvzGu8ILiV3C6AK186naq
        F7OzxqUkSFIWzCciF61FtgxWa55CSBPhq+NiIWPy5uY0Mm5fTG7khBniEjhy8DcS
        GH3JiOsz1j/FL/Pm5VXU7OtBasQWxLWwxXQXlZN2x2C1CSH1T3c7DwGv0uhziPCV
        Aq1+BUk8mIp1eeTgJ0Wv0eO+uPt3vq5ifAHc/RQ4V9QR5Ws8Lidd660nExb/xt6A
        XYEl5wwcQZ2QrHujbdCCG9+9KEcMU5OwvMlwbpVzdSAYdXLesGAEk4pzsb12bwWe
        BSBm+DduTIcTnzumcZacX6gJBpubRZ6LjGjgv0uLNfhaRxLDGF1Zdj3WPjUbXon3
        vwceprZwqRqCIFstEc4w5YVKxt8FqWvs9LwJI0WvwQS74PNfBjvsB2TEU6DwVtuo
        /JKFLF+425M9sZgQ9ua7Vnwq+qcx/DLsy/Fr8GDuHqCmI+4k67dezI8ETVfHKy53
        K8eyN+PNHtlj7CkRvKqon6kxPrm+yynCQfA0Y6vkCKr219e5qzMu8+1YrSxTorbe
        XQhtFAFarYm44G+SqGxc0EKwCeDtLnLdOwJBDEBYA5IIj4QcovDddVi0vM9ViCxV
        BHMbd0EQHh7mAvnmHyK5ZA9QiEQZbHFbOek9ULybpxkpBHZt5aDAiXZiYEHxosRb
        inv7lbpw8jdYv8tWcqLVwjpSDzMogc6sFAXS86ZBkjA55uzQQj0FcXrOLKHzo5VK
        CLgN/9CPCo8Lmo0MQNZIfRhAVTwF+aksA9eiGUzmXa3RqiZGmdN4kMLJbguqrBU8
        lhBnSZ41sYC8E8D10EjM3sZKEqmQCKuF7yqQGeGe+LegBkzLjRP3AVFojsIfcnmo
        zJiNhMNk6V5lN/XMn7CoqQ2SpfjNc2De20/7PdUbh2mX9Y/LOJHzZVhLVvX2kjpB
        +5dtORoV03oB9hKbkhuFIvJIlpp0LSpp0vZnm/OlSNbpy3x2xCzJs1yjyuzjFdnW
        VGnNavbZJnkH7XgeohptvmBE/nE/O8C/uhxuZfnvvdncW7xYh7SUIJMdx2k1lGat
        PA9eW8fZcnMDnVPm8pswqWi0T8Rgzsx9MEGyqJ2fFCzhCG5GyktFYj46zpLhjVnL
        RnX5eUV27Qg6cMcizstdJdeLSQalSBgl5CAn1R4I8JSd3Qg4qJbIhR3Lh46MDdo/
        DCdRSwtq8xit1/R0f39UVyp7qPjlMaDCaRqbE3er4wKCAgEA4GHK1ZTL6eVySLiV
        4ol9d2+pOQz1AbSH9pbYPVvLjVJA0glbhLyjBYCkQKbQZz2RcfuDChe4jwI+4MdK
        JDJSppq9eWaUCXNJS8GhFbAsPHfUB5pTlHUDSleN8NmSUv3L7uoCme4kUJEDIk3M
        VnJR54B8lwbGsPiQTKXFhvC3pM21JfGKUVNodKHkYLgYfv6IKG0WTr4/gemDZh34
        H81SmOb7j2Sp0Ghgwz8aTPUHsAS9np6nyKezqMM0Il8Rr4K9vxxnSqGnAloJaOza
        6EMxziKQ+XHwSn3nxQ/HgweZaIPvmEkwL362t+GdX3/p25J3m/tN+MAkONpDaCPT
        5vxaWsPZeTs4YXlFII/o3SuJGs8hbcB9UrTV6CWigxDFMuYPPRP006X6de5L0XZz
        IglUGDzEe82+FjzOA7ZX1aV4WtecDSVqAlDia2V7VffXMsTg2EUDPJqoLp/r4m8k
        yD7JE+80mrqmlOrAS1M314MBZ39g3udal+OOE6Bk2pPLmRVqOHvqETya61xRcecZ
        GleQ6TaBYpZDqmlJUiD6ebDxDwX5X0am13TgeJE9vaZ5kV8kJnKrm2jjs4UGVmtw
        c/E/EZBKg4q5y5rnW72ykhdNIXJAqMdxuZ1bKOETaIlEYW2GuUvnoh3uCdYI9vF7
        83t2P2lEKtmpyU3o2T9M4d0yBLsCggIBAL/e6Iob6d08BXKpxvxeC/SsmcL6jJQS
        l9zbVRR+97JTi/y1rFo6UUjT4FAUAK7WuPUj6PphfO+7uoPiGb24HTEYr6OXMwiq
        E2vYMD9Fd5lDM00IxBK+1m4f0sO64Kg/gBjXoy5CqQMXyqaO6UHjYMd+LFjcAoi0
        l3CWXsfraNz2faN/rOHiJtSUF01LioYotUPrW/7t+noc2fbRh8GOysw9ywaFAZG2
        eLaEwHBT/Ofxh202cPZ+aunPkksUNzcMwZsB+M2xXRz591CvxGJsnzFnviWvSAHa
        4GbNZz6x9AqUlDrHsR0qoADkSJJylZznjqJYrx+aVfkOQaJ33Bjw0885KUFZnins
        F5jLcV0Hw513Ek4SIPPKhUg1uFsThqbVJe1P+q3Cc89kIbUGEBriSO7GSqlO9L6n
        M0LNrazi5+FyTXat6Zl+MDNSkEWsK8uokFYPSCBtfXxVpwuzlaWyePNV5U/BdN+Y
        ddJV3ReqXftbXWRERhh9hLkksLmeWe8TQTyV6sdx2EzOoa+JLOXYFwHCDP/dgVbW
        ErgwUcphyPm4WMFm8VpWIaigx7TxQWWBVX9ArD+VOEIaEJXQMmBsHJz8plZdEVKj
        6fdjctrhfihhHzJ0orqpcrYbf3E6C2s7FGEDDwjIj4uBFDzU/cMci3RwobhDAptP
        4R8efJqYuGjbAoICAEtIBCmMdq3O0X0ckQ0kW/gKepgthLZBv6w4B+zuM2kCw8S0
        ZwQt1fQuqO0YCqvYuEepvtlQBBfXBQmdU365c4l6OT/V7q0NBPZpzIXeSbkv6u9y
        E8CnUadLoM/B75nwlM9fq+fBQmXVgVutBnWqfVhSf3qcR2Vwv9k3dQJFGRgt/Czy
        0RlgBpe7CUh5+53//+awUt+wbNZFZlSIkYr59FBgjt4ZQ/AsVOqs7UIMo7umm4fw
        axKjUV+5vnAZvXFJSCgqe21KtyHO24FclkV+5eLnLgTC+X/EplIzbRjFH+809Nn/
        FC+bL+qZw5ca73c/uOmYcxyWOpDoid0SyDGjUR1KwFgwSkZJzauTHOm3hZR9EhYk
        kueAzJPKrK+UnNTq4wn2/BlWgqW2gbGRMCenQZOwL6vp53DGjcgpEWcY0TyJQk4W
        025bfNvTfIHnWUgrTdTBsshOi0a5WQbri0ez6PrLMrcHEIS+Di43iXDA/2OeFP40
        WOzE6BIlqjC7jX+a87xntqx5zPBSVPEGPCHeZzwXkWlmSOWP1Y28iszxVK9ZrcUN
        i0SWbgmFkVVj2T2w0gwkRPcrRdohM3MjMON1eVeHNbjUfmmVWzIofxUMxFAIaTE3
        WSyRYthgS4azJ0IY4S6iDOETcZ3TNcbEVnXmYlH8G2bVCGYFwa3B0yWkdPepAoIC
        AAsjCSRbEmwA+9/38tDbNJ5zFkm2+Unu+lmbcYjLBd2X89wrP2HNWMJ9adu8DX4Y
        gIvaFb/SwMm5f83/5baZZThgUnGQaSnrlU0BM2u4wIRo3iVuiNL9uLyTpEwwILIj
        XXATtCkPPXgsfVrFmMx2QjvSGwjdXFhLAy9Jyx6Xj3Kj7A79bi9+TPqxzdhytgur
        eToEA0b80TkdS5mD9/lILIVGYO5z8e9fRAp0Eidy+I8N+epg6pWkKNiBb+BjwAC2
        ANbaenKWBO2VpMFOMnv0Chl4CBVv4yIYbkYJTiDZe2zRyvjOdn1W6AqlNYEqnXyK
        BEFwHFodPzhBl5Wyl1frQqAYlUhxxzhvt77qsB3SQYx2SN23N6pu6uWSGK1QqNQu
        MxFfPxGu48H58err+ytUTx9s6xCAwLwAQH10KsyKLyNq2ww0dAawyGNyO2WP5Mrh
        cd9M68bWFB6Pai7Hsbv4bATTy4ehlwMTemNHEJo7DVF1sCoNvHPXdUi51HgxtM6n
        s3Wszf/dn8x1gfUKZUzCCjPT66U+Wi+MJXIDe/vfSScViDFRpFi1/yYmjvD1v/IA
        W9ITEuxt4OIVWTkY6JOoMtD56T3CEStW0FHHt/b0d7ooSQNIudlT1JC1b+RGljsX
        Jsuqvciou4xBZcdSJZiZo46SqxBi81fIfyyrPFhM3QdZAoICAE7g7C9k48GXn2Ac
        w4H6CzNkYHXglOzUQDJe4R8ZtXZadoNq72jfuM+/9iZXhikyorojWo9Ex+KkzmrD
        EtzHuPiFWa8LmKn8Ve+DqILeCV0XZBUS/6T2pALEEM0xKRlDRD1fSMUnmUdBPg7o
        /dMg0EO9YDmigELIOxIF05jztOI1iccf8DkU/lK4xVatPjVcZvAlM5lKthS5G0md
        6QgeOoxXMOkGYtchql8dVTeXqVn1FGos0JKHTA4bj/UdUKcmZajJqyhfWs0Oq9pj
        3jZDxZrTJlqD2qQw5MbkRzTiQrhBFNVAtx61MFJ1Hbe/kuBd+iJ1xe0+TfOq1A8g
        iUH8hN6yOBhy8Byj9Q5mFKfLTNkx8Oc/QSPq10TdwQd+bgFffA/bHZ/XOXE+KG1Z
        dLKUE6lJprHKJu8Y6uEj2oEvu6k+AmhJr+DEMqVChE2NwEX/ipKmYFKRbZpRKOhX
        HRwYMEeoRindSnl9BpM9zuCPlT86LSI0FnlFqPCQv3OnwNPXqg6mjC/SoVec2c93
        FjHgaxuTvwkmz63LS8zBfU0dbPNq/sU3/I8VaNiZAISTiLt3CEvFIehhkLklvUAY
        6mKlKq0pNeXo6B1DFvtnM1qR9J5qVzeimIt5ieJ2YtRCgThmUD6NszeYZODAwnBr
        SiZ5idQsAnaIlfCMwC+it5ywk97z
        -----END PRIVATE KEY-----

        """;
}
