// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IAgentIdentity} from "./interfaces/IAgentIdentity.sol";
import {PublicKeys} from "./PublicKeys.sol";

/// @title The keys of ERC-8004 agents
/// @notice Whoever controls an agent (its ERC-721 owner, or whom that owner approved) lists the agent's public keys here.
/// Together with the agent's number they are the document of did:sage:eip155:<chainId>:<identity>:<agentId>.
/// No administrator, no pause, no proxy; holds no ether. Every change emits one or more events, each with a version one
/// higher than the one before, so that logs alone rebuild what resolve answers and a gap in them shows.
contract SageKeyRegistry is EIP712 {
    /// @notice A key to add.
    /// @param keyType 1 secp256k1, 2 P-256, 3 Ed25519, 4 X25519.
    /// @param purposes What it is for: 1 authentication, 2 assertion, 3 both; exactly 4, key agreement, for X25519.
    /// @param publicKey 33 bytes, SEC1 compressed, for types 1 and 2; 32 bytes for types 3 and 4.
    /// @param proof The key's signature over proofMessage: 65 bytes r, s, v (v 27 or 28, low s) over its Keccak-256 for
    /// secp256k1; 64 bytes r, s over its SHA-256 for P-256; 64 bytes over the message itself for Ed25519; none for X25519.
    struct NewKey {
        uint8 keyType;
        uint8 purposes;
        bytes publicKey;
        bytes proof;
    }

    /// @notice A key as it is read.
    /// @param keyId See keyIdOf.
    /// @param keyType As in NewKey.
    /// @param purposes As in NewKey.
    /// @param proven Whether the contract checked the proof. If false, whoever reads must check `proof`.
    /// @param epoch The epoch it was added in; keys of other epochs than the agent's do not count.
    /// @param addedAt When, in Unix seconds.
    /// @param revokedAt When it was revoked, in Unix seconds; 0 if it was not.
    /// @param publicKey As in NewKey.
    /// @param proof The 64-byte proof that the contract could not check (Ed25519; P-256 on a chain without the
    /// precompile); otherwise empty.
    struct Key {
        bytes32 keyId;
        uint8 keyType;
        uint8 purposes;
        bool proven;
        uint32 epoch;
        uint64 addedAt;
        uint64 revokedAt;
        bytes publicKey;
        bytes proof;
    }

    struct Agent {
        address owner;
        uint32 epoch;
        uint56 version;
        bool inactive;
    }

    struct StoredKey {
        uint8 keyType;
        uint8 purposes;
        bool odd;
        bool proven;
        uint32 epoch;
        uint64 addedAt;
        uint64 revokedAt;
        bytes32 x;
        bytes32[2] proof;
    }

    /// @notice A key counts from now on.
    /// @param agentId The agent.
    /// @param keyId The key.
    /// @param keyType As in NewKey.
    /// @param purposes As in NewKey.
    /// @param proven Whether the contract checked the proof.
    /// @param index Where in the list the key was inserted, from 0; what was there and after it moved up by one.
    /// @param publicKey As in NewKey.
    /// @param proof The proof as it was given, checked or not.
    /// @param version The agent's version now.
    event KeyAdded(
        uint256 indexed agentId,
        bytes32 indexed keyId,
        uint8 keyType,
        uint8 purposes,
        bool proven,
        uint256 index,
        bytes publicKey,
        bytes proof,
        uint64 version
    );

    /// @notice A key never counts again; what was listed after it moved down by one.
    /// @param agentId The agent.
    /// @param keyId The key.
    /// @param version The agent's version now.
    event KeyRevoked(uint256 indexed agentId, bytes32 indexed keyId, uint64 version);

    /// @notice All keys the agent had are gone: it is new here, or has a new owner, or revoked them all.
    /// @param agentId The agent.
    /// @param owner Whom the proofs of the keys to come must name.
    /// @param epoch The epoch that begins, from 1.
    /// @param version The agent's version now.
    event EpochStarted(uint256 indexed agentId, address indexed owner, uint32 epoch, uint64 version);

    /// @notice The agent was deactivated or activated again.
    /// @param agentId The agent.
    /// @param active Whether its keys count.
    /// @param version The agent's version now.
    event ActiveSet(uint256 indexed agentId, bool active, uint64 version);

    /// @notice There is no contract at the identity registry's address.
    error NoIdentityRegistry(address identity);
    /// @notice The account is neither the agent's owner, nor approved, nor an operator.
    error NotAuthorized(uint256 agentId, address account);
    /// @notice The type is unknown or the bytes are not the canonical encoding of a usable key.
    error MalformedKey(uint8 keyType, bytes publicKey);
    /// @notice A key of this type cannot serve these purposes.
    error InvalidPurposes(uint8 keyType, uint8 purposes);
    /// @notice The key's signature is missing, malformed, or not the key's over these facts.
    error InvalidProof(bytes32 keyId);
    /// @notice The agent has or had this key; a key never returns.
    error KeyAlreadyKnown(bytes32 keyId);
    /// @notice The agent never had this key.
    error KeyUnknown(bytes32 keyId);
    /// @notice The key is not listed: unknown, revoked, or of a former epoch or owner.
    error KeyNotActive(bytes32 keyId);
    /// @notice The agent would have more than MAX_KEYS keys.
    error TooManyKeys();

    /// @notice The most keys an agent may have listed at a time.
    uint256 public constant MAX_KEYS = 16;

    /// @notice Purpose: authentication.
    uint8 public constant AUTHENTICATION = 1;
    /// @notice Purpose: assertion (whatever else the agent signs).
    uint8 public constant ASSERTION = 2;
    /// @notice Purpose: key agreement.
    uint8 public constant KEY_AGREEMENT = 4;

    /// @notice The EIP-712 type hash of what a new key signs.
    bytes32 public constant KEY_PROOF_TYPEHASH =
        keccak256("KeyProof(uint256 agentId,address owner,uint8 keyType,uint8 purposes,bytes publicKey)");
    /// @notice The EIP-712 type hash of what a key signs to revoke itself.
    bytes32 public constant KEY_REVOCATION_TYPEHASH = keccak256("KeyRevocation(uint256 agentId,bytes32 keyId)");

    /// @notice The ERC-8004 Identity Registry whose agents these are.
    IAgentIdentity public immutable identity;

    mapping(uint256 agentId => Agent) private _agents;
    mapping(uint256 agentId => mapping(bytes32 keyId => StoredKey)) private _keys;
    mapping(uint256 agentId => mapping(uint32 epoch => bytes32[])) private _lists;

    /// @notice Creates the key registry of an identity registry.
    /// @param identityRegistry The identity registry, for good.
    constructor(IAgentIdentity identityRegistry) EIP712("SageKeyRegistry", "1") {
        require(address(identityRegistry).code.length > 0, NoIdentityRegistry(address(identityRegistry)));
        identity = identityRegistry;
    }

    /// @notice Adds keys after the ones already listed, all or none.
    /// @param agentId The agent.
    /// @param keys The keys.
    function addKeys(uint256 agentId, NewKey[] calldata keys) external {
        Agent storage agent = _authorize(agentId);
        for (uint256 i; i < keys.length; i++) {
            _add(agentId, agent, keys[i], _lists[agentId][agent.epoch].length);
        }
    }

    /// @notice Puts a key before all others, and revokes another in the same moment.
    /// @param agentId The agent.
    /// @param oldKeyId The key to revoke, or 0 to keep all keys for an overlap.
    /// @param key The new key.
    function rotateKey(uint256 agentId, bytes32 oldKeyId, NewKey calldata key) external {
        Agent storage agent = _authorize(agentId);
        if (oldKeyId != 0) {
            _revoke(agentId, agent, oldKeyId);
        }
        _add(agentId, agent, key, 0);
    }

    /// @notice Revokes a key for good.
    /// @param agentId The agent.
    /// @param keyId The key.
    function revokeKey(uint256 agentId, bytes32 keyId) external {
        _revoke(agentId, _authorize(agentId), keyId);
    }

    /// @notice Revokes a key for good because the key itself says so; anybody may carry the message.
    /// @dev Ed25519 and X25519 keys cannot, nor P-256 keys where the chain has no precompile.
    /// @param agentId The agent.
    /// @param keyId The key.
    /// @param signature The key's signature over revocationMessage, in the form of a proof.
    function revokeKeyBySignature(uint256 agentId, bytes32 keyId, bytes calldata signature) external {
        Agent storage agent = _agents[agentId];
        StoredKey storage key = _keys[agentId][keyId];
        require(_isListed(agentId, key), KeyNotActive(keyId));
        bytes memory publicKey = PublicKeys.encode(key.keyType, key.odd, key.x);
        (,,, uint256 y) = PublicKeys.decode(key.keyType, publicKey);
        require(_verify(key.keyType, revocationMessage(agentId, keyId), signature, key.x, y), InvalidProof(keyId));
        _revoke(agentId, agent, keyId);
    }

    /// @notice Revokes all keys of an agent for good, at the same cost however many there are.
    /// @param agentId The agent.
    function revokeAll(uint256 agentId) external {
        Agent storage agent = _authorize(agentId);
        _startEpoch(agentId, agent, agent.owner);
    }

    /// @notice Deactivates an agent or activates it again. It stays as it is when the agent changes hands.
    /// @param agentId The agent.
    /// @param active Whether its keys count.
    function setActive(uint256 agentId, bool active) external {
        Agent storage agent = _authorize(agentId);
        agent.inactive = !active;
        emit ActiveSet(agentId, active, ++agent.version);
    }

    /// @notice All that a resolver needs about an agent. Reverts with ERC721NonexistentToken when there is none.
    /// @param agentId The agent.
    /// @return owner Who owns the agent.
    /// @return active Whether its keys count.
    /// @return version Counts the events of the agent; 0 when it never wrote here.
    /// @return keys The listed keys in order, the first one first. None after a transfer until the new owner adds some.
    function resolve(uint256 agentId)
        external
        view
        returns (address owner, bool active, uint64 version, Key[] memory keys)
    {
        uint32 epoch;
        (owner, active, epoch, version) = getAgent(agentId);
        if (owner == _agents[agentId].owner) {
            bytes32[] storage list = _lists[agentId][epoch];
            keys = new Key[](list.length);
            for (uint256 i; i < keys.length; i++) {
                keys[i] = getKey(agentId, list[i]);
            }
        }
    }

    /// @notice Whether a key counts now: it is listed and its agent active.
    /// @param agentId The agent; reverts when there is none.
    /// @param keyId The key.
    /// @return Whether it counts. The proof of a key that is not `proven` is not considered.
    function isKeyActive(uint256 agentId, bytes32 keyId) external view returns (bool) {
        return _isListed(agentId, _keys[agentId][keyId]) && !_agents[agentId].inactive;
    }

    /// @notice The state of an agent without its keys. What was resolved is still so while owner and version are.
    /// @param agentId The agent; reverts when there is none.
    /// @return owner Who owns the agent.
    /// @return active Whether its keys count.
    /// @return epoch The epoch last started; 0 when it never wrote here.
    /// @return version Counts the events of the agent.
    function getAgent(uint256 agentId) public view returns (address owner, bool active, uint32 epoch, uint64 version) {
        Agent storage agent = _agents[agentId];
        return (identity.ownerOf(agentId), !agent.inactive, agent.epoch, agent.version);
    }

    /// @notice A key of an agent, listed or not.
    /// @param agentId The agent.
    /// @param keyId The key; reverts with KeyUnknown when the agent never had it.
    /// @return The key.
    function getKey(uint256 agentId, bytes32 keyId) public view returns (Key memory) {
        StoredKey storage key = _keys[agentId][keyId];
        require(key.keyType != 0, KeyUnknown(keyId));
        return Key({
            keyId: keyId,
            keyType: key.keyType,
            purposes: key.purposes,
            proven: key.proven,
            epoch: key.epoch,
            addedAt: key.addedAt,
            revokedAt: key.revokedAt,
            publicKey: PublicKeys.encode(key.keyType, key.odd, key.x),
            proof: key.proven || key.keyType == PublicKeys.X25519
                ? bytes("")
                : abi.encodePacked(key.proof[0], key.proof[1])
        });
    }

    /// @notice The name of a key: the Keccak-256 of its type and its encoding.
    /// @param keyType As in NewKey.
    /// @param publicKey As in NewKey.
    /// @return The key id.
    function keyIdOf(uint8 keyType, bytes memory publicKey) public pure returns (bytes32) {
        return keccak256(abi.encodePacked(keyType, publicKey));
    }

    /// @notice What a new key signs: 0x1901, the domain separator and the struct hash of EIP-712, together 66 bytes.
    /// @param agentId The agent; reverts when there is none.
    /// @param keyType As in NewKey.
    /// @param purposes As in NewKey.
    /// @param publicKey As in NewKey.
    /// @return The message, for the agent's present owner.
    function proofMessage(uint256 agentId, uint8 keyType, uint8 purposes, bytes memory publicKey)
        public
        view
        returns (bytes memory)
    {
        address owner = identity.ownerOf(agentId);
        return _typedMessage(
            keccak256(abi.encode(KEY_PROOF_TYPEHASH, agentId, owner, keyType, purposes, keccak256(publicKey)))
        );
    }

    /// @notice The EIP-712 digest of what a new key signs: the Keccak-256 of proofMessage.
    /// @param agentId The agent; reverts when there is none.
    /// @param keyType As in NewKey.
    /// @param purposes As in NewKey.
    /// @param publicKey As in NewKey.
    /// @return The digest.
    function proofDigest(uint256 agentId, uint8 keyType, uint8 purposes, bytes calldata publicKey)
        external
        view
        returns (bytes32)
    {
        return keccak256(proofMessage(agentId, keyType, purposes, publicKey));
    }

    /// @notice What a key signs to revoke itself, 66 bytes. Needs no nonce, because a revoked key never returns.
    /// @param agentId The agent.
    /// @param keyId The key.
    /// @return The message.
    function revocationMessage(uint256 agentId, bytes32 keyId) public view returns (bytes memory) {
        return _typedMessage(keccak256(abi.encode(KEY_REVOCATION_TYPEHASH, agentId, keyId)));
    }

    /// @notice The EIP-712 digest of a self-revocation: the Keccak-256 of revocationMessage.
    /// @param agentId The agent.
    /// @param keyId The key.
    /// @return The digest.
    function revocationDigest(uint256 agentId, bytes32 keyId) external view returns (bytes32) {
        return keccak256(revocationMessage(agentId, keyId));
    }

    /// @dev Who may write; the first write of a new owner ends what the former one listed.
    function _authorize(uint256 agentId) private returns (Agent storage agent) {
        require(identity.isAuthorizedOrOwner(msg.sender, agentId), NotAuthorized(agentId, msg.sender));
        agent = _agents[agentId];
        address owner = identity.ownerOf(agentId);
        if (agent.owner != owner) {
            _startEpoch(agentId, agent, owner);
        }
    }

    function _startEpoch(uint256 agentId, Agent storage agent, address owner) private {
        agent.owner = owner;
        emit EpochStarted(agentId, owner, ++agent.epoch, ++agent.version);
    }

    function _add(uint256 agentId, Agent storage agent, NewKey calldata key, uint256 index) private {
        bytes32 keyId = keyIdOf(key.keyType, key.publicKey);
        require(_keys[agentId][keyId].keyType == 0, KeyAlreadyKnown(keyId));
        _insert(_lists[agentId][agent.epoch], keyId, index);
        bool proven = _store(agentId, agent.epoch, keyId, key);
        uint64 version = ++agent.version;
        emit KeyAdded(agentId, keyId, key.keyType, key.purposes, proven, index, key.publicKey, key.proof, version);
    }

    /// @dev Checks a key and its proof, and stores what decode and the readers need of both.
    function _store(uint256 agentId, uint32 epoch, bytes32 keyId, NewKey calldata key) private returns (bool proven) {
        (bool ok, bool odd, bytes32 x, uint256 y) = PublicKeys.decode(key.keyType, key.publicKey);
        require(ok, MalformedKey(key.keyType, key.publicKey));
        require(_serves(key.keyType, key.purposes), InvalidPurposes(key.keyType, key.purposes));

        StoredKey storage stored = _keys[agentId][keyId];
        proven = _verify(key.keyType, proofMessage(agentId, key.keyType, key.purposes, key.publicKey), key.proof, x, y);
        if (!proven) {
            require(_isLeftToReaders(key.keyType, key.proof), InvalidProof(keyId));
            if (key.keyType != PublicKeys.X25519) {
                stored.proof = abi.decode(key.proof, (bytes32[2]));
            }
        }

        stored.keyType = key.keyType;
        stored.purposes = key.purposes;
        stored.odd = odd;
        stored.proven = proven;
        stored.epoch = epoch;
        stored.addedAt = uint64(block.timestamp);
        stored.x = x;
    }

    function _revoke(uint256 agentId, Agent storage agent, bytes32 keyId) private {
        StoredKey storage key = _keys[agentId][keyId];
        require(_isListed(agentId, key), KeyNotActive(keyId));
        key.revokedAt = uint64(block.timestamp);
        _remove(_lists[agentId][agent.epoch], keyId);
        emit KeyRevoked(agentId, keyId, ++agent.version);
    }

    function _insert(bytes32[] storage list, bytes32 keyId, uint256 index) private {
        uint256 length = list.length;
        require(length < MAX_KEYS, TooManyKeys());
        list.push(keyId);
        for (uint256 i = length; i > index; i--) {
            list[i] = list[i - 1];
        }
        list[index] = keyId;
    }

    /// @dev Order matters to readers, so the rest moves down instead of the last key filling the gap.
    function _remove(bytes32[] storage list, bytes32 keyId) private {
        uint256 last = list.length - 1;
        uint256 i;
        while (list[i] != keyId) {
            i++;
        }
        for (; i < last; i++) {
            list[i] = list[i + 1];
        }
        list.pop();
    }

    function _isListed(uint256 agentId, StoredKey storage key) private view returns (bool) {
        Agent storage agent = _agents[agentId];
        return
            key.keyType != 0 && key.revokedAt == 0 && key.epoch == agent.epoch
                && agent.owner == identity.ownerOf(agentId);
    }

    function _typedMessage(bytes32 structHash) private view returns (bytes memory) {
        return abi.encodePacked(hex"1901", _domainSeparatorV4(), structHash);
    }

    function _serves(uint8 keyType, uint8 purposes) private pure returns (bool) {
        return keyType == PublicKeys.X25519
            ? purposes == KEY_AGREEMENT
            : purposes != 0 && purposes <= (AUTHENTICATION | ASSERTION);
    }

    function _verify(uint8 keyType, bytes memory message, bytes calldata signature, bytes32 x, uint256 y)
        private
        view
        returns (bool)
    {
        if (keyType == PublicKeys.SECP256K1) {
            return PublicKeys.verifySecp256k1(message, signature, x, y);
        }
        return keyType == PublicKeys.P256 && PublicKeys.verifyP256(message, signature, x, y);
    }

    /// @dev Whether a proof the contract did not verify is one that it cannot verify, and has the right length.
    function _isLeftToReaders(uint8 keyType, bytes calldata proof) private view returns (bool) {
        if (keyType == PublicKeys.X25519) {
            return proof.length == 0;
        }
        return
            proof.length == 64
                && (keyType == PublicKeys.ED25519 || (keyType == PublicKeys.P256 && !PublicKeys.hasP256()));
    }
}
