// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {StdCheats} from "forge-std/StdCheats.sol";
import {StdUtils} from "forge-std/StdUtils.sol";
import {AgentIdentity} from "../src/AgentIdentity.sol";
import {SageKeyRegistry} from "../src/SageKeyRegistry.sol";
import {IAgentIdentity} from "../src/interfaces/IAgentIdentity.sol";
import {Keys} from "./Keys.sol";
import {LogReplay} from "./LogReplay.sol";

/// Makes histories: three agents that change hands, whose keys are added, rotated and revoked in every way, with
/// strangers in between. Every action is replayed from its logs, and what may never be undone is remembered.
contract History is StdCheats, StdUtils, Keys {
    AgentIdentity public immutable identity = new AgentIdentity();
    SageKeyRegistry public immutable registry = new SageKeyRegistry(IAgentIdentity(address(identity)));
    LogReplay public immutable replay = new LogReplay();

    uint256 public constant AGENTS = 3;
    address[3] public accounts = [address(0xA11CE), address(0xB0B), address(0xCA401)];
    address private constant STRANGER = address(0x57A);

    struct Known {
        uint256 agentId;
        bytes32 keyId;
        uint256 secret; // of a secp256k1 key, else 0
    }

    Known[] private _known;
    Known[] private _ended; // revoked, or listed when all were revoked
    uint256 private _secrets;
    uint256 public strangersWrote;
    uint256 public versionFell;
    uint256 public etherTaken;
    mapping(uint256 agentId => uint64) private _versions;

    modifier recorded() {
        vm.recordLogs();
        _;
        replay.apply_(vm.getRecordedLogs());
        for (uint256 i; i < AGENTS; i++) {
            (,,, uint64 version) = registry.getAgent(i);
            if (version < _versions[i]) {
                versionFell++;
            }
            _versions[i] = version;
        }
        skip(12);
    }

    constructor() {
        vm.recordLogs();
        for (uint256 i; i < AGENTS; i++) {
            vm.prank(accounts[i]);
            identity.register();
        }
        replay.apply_(vm.getRecordedLogs());
    }

    function add(uint256 agent, uint256 kind, uint8 count) external recorded {
        agent = agent % AGENTS;
        SageKeyRegistry.NewKey[] memory keys = new SageKeyRegistry.NewKey[](bound(count, 1, 5));
        uint256[] memory secrets = new uint256[](keys.length);
        for (uint256 i; i < keys.length; i++) {
            (keys[i], secrets[i]) = _make(agent, kind + i);
        }
        vm.prank(identity.ownerOf(agent));
        try registry.addKeys(agent, keys) {
            for (uint256 i; i < keys.length; i++) {
                _remember(agent, keys[i], secrets[i]);
            }
        } catch (bytes memory reason) {
            _only(reason, SageKeyRegistry.TooManyKeys.selector);
        }
    }

    function rotate(uint256 agent, uint256 which, uint256 kind) external recorded {
        agent = agent % AGENTS;
        (bytes32 old, bool any) = _pick(agent, which);
        old = which % 3 == 0 ? bytes32(0) : old;
        if (!any) {
            return;
        }
        (SageKeyRegistry.NewKey memory key, uint256 secret) = _make(agent, kind);
        vm.prank(identity.ownerOf(agent));
        try registry.rotateKey(agent, old, key) {
            _remember(agent, key, secret);
            if (old != 0) {
                _ended.push(Known(agent, old, 0));
            }
        } catch (bytes memory reason) {
            _only(reason, SageKeyRegistry.TooManyKeys.selector);
        }
    }

    function revoke(uint256 agent, uint256 which) external recorded {
        agent = agent % AGENTS;
        (bytes32 keyId, bool any) = _pick(agent, which);
        if (any) {
            vm.prank(identity.ownerOf(agent));
            registry.revokeKey(agent, keyId);
            _ended.push(Known(agent, keyId, 0));
        }
    }

    function selfRevoke(uint256 which) external recorded {
        if (_known.length == 0) {
            return;
        }
        Known memory known = _known[which % _known.length];
        if (known.secret != 0 && _isListed(known.agentId, known.keyId)) {
            bytes memory message = registry.revocationMessage(known.agentId, known.keyId);
            vm.prank(STRANGER);
            registry.revokeKeyBySignature(known.agentId, known.keyId, signSecp256k1(known.secret, message));
            _ended.push(known);
        }
    }

    function revokeAll(uint256 agent, uint8 seldom) external recorded {
        agent = agent % AGENTS;
        if (seldom % 4 == 0) {
            (,,, SageKeyRegistry.Key[] memory keys) = registry.resolve(agent);
            vm.prank(identity.ownerOf(agent));
            registry.revokeAll(agent);
            for (uint256 i; i < keys.length; i++) {
                _ended.push(Known(agent, keys[i].keyId, 0));
            }
        }
    }

    function setActive(uint256 agent, bool active) external recorded {
        agent = agent % AGENTS;
        vm.prank(identity.ownerOf(agent));
        registry.setActive(agent, active);
    }

    function transfer(uint256 agent, uint256 to, uint8 seldom) external recorded {
        agent = agent % AGENTS;
        if (seldom % 4 == 0) {
            address owner = identity.ownerOf(agent);
            vm.prank(owner);
            identity.transferFrom(owner, accounts[to % 3], agent);
        }
    }

    /// Whatever ended is added again with a fresh proof.
    function revive(uint256 which) external recorded {
        if (_ended.length == 0) {
            return;
        }
        Known memory known = _ended[which % _ended.length];
        SageKeyRegistry.Key memory key = registry.getKey(known.agentId, known.keyId);
        address owner = identity.ownerOf(known.agentId);
        vm.prank(owner);
        try registry.addKeys(
            known.agentId, one(SageKeyRegistry.NewKey(key.keyType, key.purposes, key.publicKey, key.proof))
        ) {}
        catch (bytes memory reason) {
            _only(reason, SageKeyRegistry.KeyAlreadyKnown.selector);
        }
    }

    function strangerTries(uint256 agent, uint256 which, uint256 kind) external recorded {
        agent = agent % AGENTS;
        (SageKeyRegistry.NewKey memory key,) = _make(agent, kind);
        (bytes32 keyId,) = _pick(agent, which);
        bytes[6] memory calls = [
            abi.encodeCall(registry.addKeys, (agent, one(key))),
            abi.encodeCall(registry.rotateKey, (agent, keyId, key)),
            abi.encodeCall(registry.revokeKey, (agent, keyId)),
            abi.encodeCall(registry.revokeKeyBySignature, (agent, keyId, key.proof)),
            abi.encodeCall(registry.revokeAll, (agent)),
            abi.encodeCall(registry.setActive, (agent, which % 2 == 0))
        ];
        for (uint256 i; i < calls.length; i++) {
            vm.prank(STRANGER);
            (bool done,) = address(registry).call(calls[i]);
            strangersWrote += done ? 1 : 0;
        }
    }

    function giveEther(uint96 amount) external recorded {
        vm.deal(address(this), amount);
        (bool taken,) = address(registry).call{value: uint256(amount) % 1000 + 1}("");
        etherTaken += taken ? 1 : 0;
    }

    function ended() external view returns (Known[] memory) {
        return _ended;
    }

    function _make(uint256 agent, uint256 kind) private returns (SageKeyRegistry.NewKey memory key, uint256 secret) {
        uint256 fresh = ++_secrets;
        if (kind % 3 == 0) {
            return (secp256k1(registry, agent, fresh, 3), fresh);
        }
        return (kind % 3 == 1 ? x25519(fresh) : ed25519(registry, agent, bytes32(fresh), 1), 0);
    }

    function _remember(uint256 agent, SageKeyRegistry.NewKey memory key, uint256 secret) private {
        _known.push(Known(agent, registry.keyIdOf(key.keyType, key.publicKey), secret));
    }

    function _pick(uint256 agent, uint256 which) private view returns (bytes32 keyId, bool any) {
        (,,, SageKeyRegistry.Key[] memory keys) = registry.resolve(agent);
        return keys.length == 0 ? (bytes32(0), false) : (keys[which % keys.length].keyId, true);
    }

    function _isListed(uint256 agent, bytes32 keyId) private view returns (bool) {
        (,,, SageKeyRegistry.Key[] memory keys) = registry.resolve(agent);
        for (uint256 i; i < keys.length; i++) {
            if (keys[i].keyId == keyId) {
                return true;
            }
        }
        return false;
    }

    /// A refusal that was not expected must not pass for one that was. What was logged before it did not happen.
    function _only(bytes memory reason, bytes4 selector) private {
        vm.getRecordedLogs();
        if (bytes4(reason) != selector) {
            assembly ("memory-safe") {
                revert(add(reason, 32), mload(reason))
            }
        }
    }
}
