using System.Globalization;

namespace Sage.Did.Ethereum;

/// <summary>
/// What several endpoints together say of an agent. Trust needs all of them, at the settled block and at the head; distrust needs one
/// of them, anywhere.
/// </summary>
internal static class AgentVerdict
{
    /// <summary>How the resolution ends, and the document if it ends well.</summary>
    public static (DidResolutionStatus Status, DidDocument? Document) Judge(AgentDid did, IReadOnlyList<AgentSighting> sightings, RevocationMemory.Entry distrusted)
    {
        AgentState?[] states = [.. sightings.SelectMany(sighting => new[] { sighting.Settled, sighting.Head })];
        AgentState[] known = [.. states.OfType<AgentState>()];
        if (distrusted.Agent > 0 || known.Any(state => !state.IsActive))
        {
            return (DidResolutionStatus.Deactivated, null);
        }

        if (states.Any(state => state is null))
        {
            return (DidResolutionStatus.NotFound, null);
        }

        return known.Select(state => state.Owner).Distinct().Count() > 1
            ? (DidResolutionStatus.Deactivated, null)
            : (DidResolutionStatus.Resolved, Document(did, known, sightings[0].Head!, distrusted));
    }

    private static DidDocument Document(AgentDid did, AgentState[] known, AgentState numbering, RevocationMemory.Entry distrusted)
    {
        List<VerificationMethod> authentication = [];
        List<VerificationMethod> assertion = [];
        List<VerificationMethod> agreement = [];
        for (int i = 0; i < numbering.Keys.Count; i++)
        {
            ChainKey key = numbering.Keys[i];
            if (key.PublicKey is null || distrusted.Keys.ContainsKey(key.KeyId) || !known.All(state => state.Keys.Contains(key)))
            {
                continue;
            }

            VerificationMethod method = new(string.Create(CultureInfo.InvariantCulture, $"key-{i + 1}"), key.PublicKey);
            Add(authentication, AgentKeyPurposes.Authentication);
            Add(assertion, AgentKeyPurposes.Assertion);
            Add(agreement, AgentKeyPurposes.KeyAgreement);

            void Add(List<VerificationMethod> list, AgentKeyPurposes purpose)
            {
                if (key.Purposes.HasFlag(purpose))
                {
                    list.Add(method);
                }
            }
        }

        // Nobody proved to hold an agreement key, so it stands only beside one that was proven.
        bool isProven = authentication.Count + assertion.Count > 0;
        return new DidDocument { Id = did, Authentication = authentication, AssertionMethod = assertion, KeyAgreement = isProven ? agreement : [] };
    }
}
