namespace Sage.Did.Ethereum.Tests;

/// <summary>
/// Both contracts in miniature, written after their sources and not after the code under test: lists per epoch, one shift after
/// another, the epoch that starts with the first write of a new owner.
/// </summary>
internal sealed class RegistryModel
{
    private readonly RegistryLogs logs = new(RegistryLogs.Somewhere);
    private readonly List<Agent> agents = [];
    private byte[] nextKey = new byte[32];

    public List<EthereumLog> Written { get; } = [];

    public int Count => agents.Count;

    public static EthereumAddress Account(int number) => EthereumAddress.FromBytes([.. new byte[19], (byte)(number + 1)]);

    public (EthereumAddress Owner, bool Active, ulong Version, EthereumHash[] Keys) Resolve(int id)
    {
        Agent agent = agents[id];
        return (agent.TokenOwner, !agent.Inactive, agent.Version, agent.Owner == agent.TokenOwner && agent.Lists.TryGetValue(agent.Epoch, out List<EthereumHash>? list) ? [.. list] : []);
    }

    public string UriOf(int id) => agents[id].Uri;

    /// <summary>Does one of the things that callers can do; what the contract would refuse does nothing.</summary>
    public void Step(int choice, int id, int argument)
    {
        if (agents.Count == 0 || (choice % 10 == 0 && agents.Count < 4))
        {
            Register(argument);
            return;
        }

        id %= agents.Count;
        switch (choice % 10)
        {
            case 1 or 2:
                Add(id, atFront: false);
                break;
            case 3:
                Rotate(id, argument);
                break;
            case 4:
                Revoke(id, argument);
                break;
            case 5 when argument % 4 == 0:
                RevokeAll(id);
                break;
            case 6:
                SetActive(id, argument % 3 != 0);
                break;
            case 7 or 8:
                Move(id, Account(argument % 3));
                break;
            default:
                SetUri(id, $"https://a.test/{argument}");
                break;
        }
    }

    private void Register(int argument)
    {
        Agent agent = new() { TokenOwner = Account(argument % 3), Uri = argument % 2 == 0 ? "" : "https://a.test/" };
        agents.Add(agent);
        UInt256 id = (ulong)(agents.Count - 1);
        Written.Add(logs.Registered(id, System.Text.Encoding.UTF8.GetBytes(agent.Uri), agent.TokenOwner));
        Written.Add(logs.Transfer(id, EthereumAddress.Zero, agent.TokenOwner));
    }

    private void Move(int id, EthereumAddress to)
    {
        Written.Add(logs.Transfer((ulong)id, agents[id].TokenOwner, to));
        agents[id].TokenOwner = to;
    }

    private void SetUri(int id, string uri)
    {
        agents[id].Uri = uri;
        Written.Add(logs.UriUpdated((ulong)id, System.Text.Encoding.UTF8.GetBytes(uri), agents[id].TokenOwner));
    }

    private List<EthereumHash> Authorize(int id)
    {
        Agent agent = agents[id];
        if (agent.Owner != agent.TokenOwner)
        {
            StartEpoch(id);
        }

        return agent.List;
    }

    private void StartEpoch(int id)
    {
        Agent agent = agents[id];
        agent.Owner = agent.TokenOwner;
        Written.Add(logs.EpochStarted((ulong)id, agent.Owner, ++agent.Epoch, ++agent.Version));
    }

    private void RevokeAll(int id)
    {
        Authorize(id);
        StartEpoch(id);
    }

    private void SetActive(int id, bool active)
    {
        Authorize(id);
        agents[id].Inactive = !active;
        Written.Add(logs.ActiveSet((ulong)id, active, ++agents[id].Version));
    }

    private void Add(int id, bool atFront)
    {
        List<EthereumHash> list = Authorize(id);
        if (list.Count == 16)
        {
            return;
        }

        nextKey = [.. nextKey];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(nextKey, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(nextKey) + 1);
        RegisteredKey key = new(4, 4, false, nextKey, ReadOnlyMemory<byte>.Empty);
        int at = atFront ? 0 : list.Count;
        list.Add(key.KeyId);
        for (int i = list.Count - 1; i > at; i--)
        {
            list[i] = list[i - 1];
        }

        list[at] = key.KeyId;
        Written.Add(logs.KeyAdded((ulong)id, key, (ulong)at, ++agents[id].Version));
    }

    private void Revoke(int id, int argument)
    {
        List<EthereumHash> list = Authorize(id);
        if (list.Count == 0)
        {
            return;
        }

        int at = argument % list.Count;
        EthereumHash keyId = list[at];
        for (int i = at; i < list.Count - 1; i++)
        {
            list[i] = list[i + 1];
        }

        list.RemoveAt(list.Count - 1);
        Written.Add(logs.KeyRevoked((ulong)id, keyId, ++agents[id].Version));
    }

    private void Rotate(int id, int argument)
    {
        if (argument % 2 == 0)
        {
            Revoke(id, argument / 2);
        }

        Add(id, atFront: true);
    }

    private sealed class Agent
    {
        public EthereumAddress TokenOwner { get; set; }

        public EthereumAddress Owner { get; set; }

        public uint Epoch { get; set; }

        public ulong Version { get; set; }

        public bool Inactive { get; set; }

        public string Uri { get; set; } = "";

        public Dictionary<uint, List<EthereumHash>> Lists { get; } = [];

        public List<EthereumHash> List
        {
            get
            {
                if (!Lists.TryGetValue(Epoch, out List<EthereumHash>? list))
                {
                    Lists[Epoch] = list = [];
                }

                return list;
            }
        }
    }
}
