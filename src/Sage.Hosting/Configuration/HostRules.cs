using System.Net;
using Sage.Crypto;

namespace Sage.Hosting;

/// <summary>Rules about several settings together. Each message names the keys and what to do; none repeats a value.</summary>
internal sealed class HostRules(SageHostOptions options, HostSurroundings surroundings, List<string> problems)
{
    public void Run()
    {
        CheckIdentity();
        CheckKeyStore();
        CheckSessions();
        new RegistryRules(options.Registry, surroundings.Sources, problems).Run();
        new StoreRules(options, surroundings.Sources, problems).Run();
        new VaultRules(options.Vault, problems).Run();
        CheckUrls();
        CheckProxies();
    }

    private void CheckIdentity()
    {
        if (options.Did is null && !surroundings.IsDevelopment && !surroundings.HasAgent)
        {
            problems.Add("'Sage:Did' is missing: set it to the DID of this agent; 'sage agent create' makes one. Only in Development a host does without.");
        }

        if (options.Did is not null && options.KeyStore.Path is null && !surroundings.HasKeyStore && !surroundings.HasAgent)
        {
            problems.Add("'Sage:KeyStore:Path' is missing: 'Sage:Did' says who this agent is, and its keys must be somewhere. Set it to the key store file.");
        }
    }

    private void CheckKeyStore()
    {
        SageKeyStoreOptions keyStore = options.KeyStore;
        bool hasFile = keyStore.PassphraseFile is not null;
        bool hasVariable = keyStore.PassphraseVariable is not null;
        if (keyStore.Path is null)
        {
            if (hasFile || hasVariable)
            {
                problems.Add("'Sage:KeyStore:Path' is missing: a passphrase is configured, but not the key store file it opens.");
            }

            return;
        }

        if (hasFile == hasVariable)
        {
            problems.Add("'Sage:KeyStore:Path' needs exactly one place to read its passphrase from: set 'Sage:KeyStore:PassphraseFile' (better) or 'Sage:KeyStore:PassphraseVariable'.");
        }

        if (!File.Exists(keyStore.Path))
        {
            problems.Add("'Sage:KeyStore:Path' names a file that is not there: mend the path, or make an agent with 'sage agent create'.");
        }

        if (hasFile && !File.Exists(keyStore.PassphraseFile))
        {
            problems.Add("'Sage:KeyStore:PassphraseFile' names a file that is not there: mend the path, or write the passphrase into it.");
        }

        if (hasVariable && string.IsNullOrEmpty(Environment.GetEnvironmentVariable(keyStore.PassphraseVariable!)))
        {
            problems.Add("'Sage:KeyStore:PassphraseVariable' names an environment variable that is not set: set it for this process.");
        }
    }

    private void CheckSessions()
    {
        SessionsOptions sessions = options.Sessions;
        if (sessions.AcceptAnyone && sessions.Accept.Count > 0)
        {
            problems.Add("'Sage:Sessions:AcceptAnyone' and 'Sage:Sessions:Accept' contradict each other: keep the list, or set AcceptAnyone alone.");
        }
        else if (!sessions.AcceptAnyone && sessions.Accept.Count == 0)
        {
            problems.Add("'Sage:Sessions:Accept' is missing: list the DIDs that may open sessions from 'Sage:Sessions:Accept:0', or set 'Sage:Sessions:AcceptAnyone' to true.");
        }

        if (sessions.MaxSessionsPerPeer > sessions.MaxSessions)
        {
            problems.Add("'Sage:Sessions:MaxSessionsPerPeer' must not be greater than 'Sage:Sessions:MaxSessions'.");
        }

        if (sessions.MaxBodySize > options.Limits.MaxBodySize)
        {
            problems.Add("'Sage:Sessions:MaxBodySize' must not be greater than 'Sage:Limits:MaxBodySize', which is refused first: raise the latter or lower the former.");
        }

        if (options.HttpSignatures.MaxBodySize > options.Limits.MaxBodySize)
        {
            problems.Add("'Sage:HttpSignatures:MaxBodySize' must not be greater than 'Sage:Limits:MaxBodySize', which is refused first: raise the latter or lower the former.");
        }
    }

    private void CheckUrls()
    {
        CheckBase("Sage:Endpoint", options.Endpoint);
        CheckBase("Sage:HttpSignatures:PublicOrigin", options.HttpSignatures.PublicOrigin);
        if (options.Endpoint is { } endpoint && !UrlRules.IsSafe(endpoint))
        {
            problems.Add("'Sage:Endpoint' must be https: plain http is only for this machine.");
        }
    }

    private void CheckProxies()
    {
        for (int i = 0; i < options.Limits.TrustedProxies.Count; i++)
        {
            bool isNetwork = IPNetwork.TryParse(options.Limits.TrustedProxies[i], out IPNetwork network);
            if (!IPAddress.TryParse(options.Limits.TrustedProxies[i], out _) && !isNetwork)
            {
                problems.Add($"'Sage:Limits:TrustedProxies:{i}' must be the IP address of a proxy, or a network like 10.1.0.0/16.");
            }
            else if (isNetwork && network.PrefixLength == 0)
            {
                problems.Add($"'Sage:Limits:TrustedProxies:{i}' is everybody: name the proxies, or their network.");
            }
        }
    }

    private void CheckBase(string key, Uri? url)
    {
        if (url is not null && url.OriginalString.AsSpan().ContainsAny('?', '#'))
        {
            problems.Add($"'{key}' is a base URL: leave away the query and the fragment.");
        }
    }
}
