// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721URIStorage} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721URIStorage.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IAgentIdentity} from "./interfaces/IAgentIdentity.sol";

/// @title ERC-8004 Identity Registry that nobody can change
/// @notice Agents as ERC-721 tokens, with the functions, events and EIP-712 type of the public ERC-8004 deployments, for
/// chains that have none. No proxy, no administrator, no pause; holds no ether.
contract AgentIdentity is ERC721URIStorage, EIP712, IAgentIdentity {
    /// @notice One entry of an agent's metadata.
    /// @param metadataKey The name; "agentWallet" is reserved.
    /// @param metadataValue The value, any bytes.
    struct MetadataEntry {
        string metadataKey;
        bytes metadataValue;
    }

    /// @notice An agent was registered.
    /// @param agentId The agent.
    /// @param agentURI Where its registration file is; empty if not said.
    /// @param owner Who owns it.
    event Registered(uint256 indexed agentId, string agentURI, address indexed owner);

    /// @notice A piece of metadata was set.
    /// @param agentId The agent.
    /// @param indexedMetadataKey The Keccak-256 of the name.
    /// @param metadataKey The name.
    /// @param metadataValue The value.
    event MetadataSet(
        uint256 indexed agentId, string indexed indexedMetadataKey, string metadataKey, bytes metadataValue
    );

    /// @notice The registration file of an agent is somewhere else now.
    /// @param agentId The agent.
    /// @param newURI Where.
    /// @param updatedBy Who said so.
    event URIUpdated(uint256 indexed agentId, string newURI, address indexed updatedBy);

    /// @notice The account is neither the owner, nor approved, nor an operator.
    error NotAuthorized(uint256 agentId, address account);
    /// @notice "agentWallet" is set by setAgentWallet alone.
    error ReservedMetadataKey();
    /// @notice The wallet is the zero address.
    error InvalidWallet();
    /// @notice The deadline has passed or is more than 300 seconds ahead.
    error InvalidDeadline(uint256 deadline);
    /// @notice The wallet did not sign this.
    error InvalidWalletSignature();

    /// @notice The EIP-712 type hash of what a wallet signs.
    bytes32 public constant AGENT_WALLET_SET_TYPEHASH =
        keccak256("AgentWalletSet(uint256 agentId,address newWallet,address owner,uint256 deadline)");

    /// @notice How far ahead the deadline of setAgentWallet may be, in seconds.
    uint256 public constant MAX_DEADLINE_DELAY = 300;

    string private constant WALLET_KEY = "agentWallet";

    uint256 private _count;
    mapping(uint256 agentId => mapping(string metadataKey => bytes)) private _metadata;
    mapping(uint256 agentId => address) private _wallets;

    /// @notice Creates an empty registry.
    constructor() ERC721("AgentIdentity", "AGENT") EIP712("ERC8004IdentityRegistry", "1") {}

    /// @notice Registers an agent that belongs to the caller, without a registration file.
    /// @return agentId The agent; ids count from 0.
    function register() external returns (uint256 agentId) {
        agentId = _register("");
        _safeMint(msg.sender, agentId);
    }

    /// @notice Registers an agent that belongs to the caller.
    /// @param agentURI Where its registration file is.
    /// @return agentId The agent.
    function register(string calldata agentURI) external returns (uint256 agentId) {
        agentId = _register(agentURI);
        _safeMint(msg.sender, agentId);
    }

    /// @notice Registers an agent that belongs to the caller, with metadata.
    /// @param agentURI Where its registration file is.
    /// @param metadata The metadata.
    /// @return agentId The agent.
    function register(string calldata agentURI, MetadataEntry[] calldata metadata) external returns (uint256 agentId) {
        agentId = _register(agentURI);
        for (uint256 i; i < metadata.length; i++) {
            _setMetadata(agentId, metadata[i].metadataKey, metadata[i].metadataValue);
        }
        _safeMint(msg.sender, agentId);
    }

    /// @notice Says where the registration file of an agent is.
    /// @param agentId The agent.
    /// @param newURI Where.
    function setAgentURI(uint256 agentId, string calldata newURI) external {
        _requireAuthorized(agentId);
        _setTokenURI(agentId, newURI);
        emit URIUpdated(agentId, newURI, msg.sender);
    }

    /// @notice Sets a piece of metadata.
    /// @param agentId The agent.
    /// @param metadataKey The name, not "agentWallet".
    /// @param metadataValue The value.
    function setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) external {
        _requireAuthorized(agentId);
        _setMetadata(agentId, metadataKey, metadataValue);
    }

    /// @notice Reads a piece of metadata.
    /// @param agentId The agent.
    /// @param metadataKey The name.
    /// @return The value; empty when there is none.
    function getMetadata(uint256 agentId, string calldata metadataKey) external view returns (bytes memory) {
        return _metadata[agentId][metadataKey];
    }

    /// @notice The wallet of an agent: its owner's account at first, none after a transfer, else what was proven.
    /// @param agentId The agent; reverts when there is none.
    /// @return The wallet, or the zero address.
    function getAgentWallet(uint256 agentId) external view returns (address) {
        _requireOwned(agentId);
        return _wallets[agentId];
    }

    /// @notice Sets the wallet of an agent, which agrees by its signature (ECDSA, or ERC-1271 for a contract).
    /// @param agentId The agent.
    /// @param newWallet The wallet.
    /// @param deadline Until when the signature counts, in Unix seconds, at most 300 ahead.
    /// @param signature The wallet's signature over AgentWalletSet.
    function setAgentWallet(uint256 agentId, address newWallet, uint256 deadline, bytes calldata signature) external {
        address owner = _requireAuthorized(agentId);
        require(newWallet != address(0), InvalidWallet());
        require(
            block.timestamp <= deadline && deadline <= block.timestamp + MAX_DEADLINE_DELAY, InvalidDeadline(deadline)
        );
        bytes32 digest =
            _hashTypedDataV4(keccak256(abi.encode(AGENT_WALLET_SET_TYPEHASH, agentId, newWallet, owner, deadline)));
        require(SignatureChecker.isValidSignatureNow(newWallet, digest, signature), InvalidWalletSignature());
        _setWallet(agentId, newWallet);
    }

    /// @notice Takes the wallet of an agent away.
    /// @param agentId The agent.
    function unsetAgentWallet(uint256 agentId) external {
        _requireAuthorized(agentId);
        _setWallet(agentId, address(0));
    }

    /// @inheritdoc IAgentIdentity
    function isAuthorizedOrOwner(address spender, uint256 agentId) external view returns (bool) {
        return _isAuthorized(_requireOwned(agentId), spender, agentId);
    }

    function _register(string memory agentURI) private returns (uint256 agentId) {
        agentId = _count++;
        _wallets[agentId] = msg.sender;
        if (bytes(agentURI).length > 0) {
            _setTokenURI(agentId, agentURI);
        }
        emit Registered(agentId, agentURI, msg.sender);
    }

    function _setMetadata(uint256 agentId, string calldata metadataKey, bytes calldata metadataValue) private {
        require(keccak256(bytes(metadataKey)) != keccak256(bytes(WALLET_KEY)), ReservedMetadataKey());
        _metadata[agentId][metadataKey] = metadataValue;
        emit MetadataSet(agentId, metadataKey, metadataKey, metadataValue);
    }

    function _setWallet(uint256 agentId, address wallet) private {
        bytes memory value = wallet == address(0) ? bytes("") : abi.encodePacked(wallet);
        _wallets[agentId] = wallet;
        _metadata[agentId][WALLET_KEY] = value;
        emit MetadataSet(agentId, WALLET_KEY, WALLET_KEY, value);
    }

    function _requireAuthorized(uint256 agentId) private view returns (address owner) {
        owner = _requireOwned(agentId);
        require(_isAuthorized(owner, msg.sender, agentId), NotAuthorized(agentId, msg.sender));
    }

    /// @dev A wallet proven to the former owner says nothing about the new one.
    function _update(address to, uint256 agentId, address auth) internal override returns (address from) {
        from = super._update(to, agentId, auth);
        if (from != address(0)) {
            _setWallet(agentId, address(0));
        }
    }
}
