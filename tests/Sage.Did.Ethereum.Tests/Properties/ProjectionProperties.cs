namespace Sage.Did.Ethereum.Tests.Properties;

internal sealed class ProjectionProperties
{
    [FsCheck.NUnit.Property(MaxTest = 300, EndSize = 200)]
    public void Replaying_the_logs_gives_what_the_contract_answers_after_every_step((byte Choice, byte Agent, byte Argument)[] steps)
    {
        RegistryModel model = new();
        LogReplay replay = new(RegistryLogs.Somewhere);
        int read = 0;
        foreach ((byte choice, byte agent, byte argument) in steps)
        {
            model.Step(choice, agent, argument);
            replay.Apply(model.Written.Skip(read));
            read = model.Written.Count;
            for (int id = 0; id < model.Count; id++)
            {
                AgentProjection projection = replay.Agents[(ulong)id];
                AgentState state = projection.ToState()!;
                (EthereumAddress owner, bool active, ulong version, EthereumHash[] keys) = model.Resolve(id);
                Assert.That((state.Owner, state.IsActive, state.Version), Is.EqualTo((owner, active, version)));
                Assert.That(state.Keys.Select(key => key.KeyId), Is.EqualTo(keys));
                Assert.That(projection.Uri ?? "", Is.EqualTo(model.UriOf(id)));
            }
        }
    }

    [FsCheck.NUnit.Property(MaxTest = 300, EndSize = 100)]
    public void A_log_of_the_key_registry_that_is_missing_or_there_twice_is_noticed_at_the_agents_next((byte Choice, byte Agent, byte Argument)[] steps, ushort which)
    {
        RegistryModel model = Run(steps);
        List<EthereumLog> logs = model.Written;
        int[] followed = [.. Enumerable.Range(0, logs.Count).Where(i => IsOfKeys(logs[i]) && logs.Skip(i + 1).Any(later => IsOfKeys(later) && later.Topics[1] == logs[i].Topics[1]))];
        if (followed.Length == 0)
        {
            return;
        }

        int chosen = followed[which % followed.Length];
        Assert.That(() => new LogReplay(RegistryLogs.Somewhere).Apply(logs.Where((_, i) => i != chosen)), Throws.TypeOf<LogContradictionException>());
        Assert.That(() => new LogReplay(RegistryLogs.Somewhere).Apply(logs.Take(chosen + 1).Append(logs[chosen])), Throws.TypeOf<LogContradictionException>());
    }

    [FsCheck.NUnit.Property(MaxTest = 300, EndSize = 100)]
    public void A_transfer_that_is_missing_is_noticed_at_the_next_of_the_agent((byte Choice, byte Agent, byte Argument)[] steps, ushort which)
    {
        List<EthereumLog> logs = Run(steps).Written;
        EthereumHash transfer = RegistryLogs.Hash("Transfer(address,address,uint256)");
        int[] followed = [.. Enumerable.Range(0, logs.Count).Where(i => logs[i].Topics[0] == transfer && logs[i].Topics[1] != logs[i].Topics[2]
            && logs.Skip(i + 1).Any(later => later.Topics[0] == transfer && later.Topics[3] == logs[i].Topics[3]))];
        if (followed.Length == 0)
        {
            return;
        }

        int chosen = followed[which % followed.Length];
        Assert.That(() => new LogReplay(RegistryLogs.Somewhere).Apply(logs.Where((_, i) => i != chosen)), Throws.TypeOf<LogContradictionException>());
    }

    private static RegistryModel Run((byte Choice, byte Agent, byte Argument)[] steps)
    {
        RegistryModel model = new();
        foreach ((byte choice, byte agent, byte argument) in steps)
        {
            model.Step(choice, agent, argument);
        }

        return model;
    }

    private static bool IsOfKeys(EthereumLog log) => log.Address == RegistryLogs.Somewhere.KeyRegistry;
}
