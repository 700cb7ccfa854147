// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Test} from "forge-std/Test.sol";
import {stdJson} from "forge-std/StdJson.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {SageKeyRegistry} from "../src/SageKeyRegistry.sol";
import {IAgentIdentity} from "../src/interfaces/IAgentIdentity.sol";
import {Keys} from "./Keys.sol";

/// Messages, digests and proofs that other code computed (tools/vectors.js).
contract Vectors is Test, Keys {
    using stdJson for string;

    struct Case {
        uint256 agentId;
        address owner;
        uint8 keyType;
        uint8 purposes;
        bytes publicKey;
        bytes32 keyId;
        bytes32 scalar;
        bytes proof;
    }

    string private json;
    SageKeyRegistry private registry;
    address private identity = makeAddr("identity");

    function setUp() public {
        json = vm.readFile("test/vectors/proofs.json");
        vm.chainId(json.readUint(".chainId"));
        vm.etch(identity, hex"00");
        address place = json.readAddress(".registry");
        deployCodeTo("SageKeyRegistry.sol:SageKeyRegistry", abi.encode(identity), place);
        registry = SageKeyRegistry(place);
    }

    function test_MessagesAndDigestsAreWhatOtherCodeComputes() public {
        uint256 count = json.readUint(".count");
        assertGe(count, 24);
        for (uint256 i; i < count; i++) {
            Case memory it = read(i);
            assertEq(registry.keyIdOf(it.keyType, it.publicKey), it.keyId);
            assertEq(
                registry.proofMessage(it.agentId, it.keyType, it.purposes, it.publicKey), bytesOf(i, "proofMessage")
            );
            assertEq(
                registry.proofDigest(it.agentId, it.keyType, it.purposes, it.publicKey),
                bytes32(bytesOf(i, "proofDigest"))
            );
            assertEq(registry.revocationMessage(it.agentId, it.keyId), bytesOf(i, "revocationMessage"));
            assertEq(registry.revocationDigest(it.agentId, it.keyId), bytes32(bytesOf(i, "revocationDigest")));
        }
    }

    /// forge-config: default.evm_version = "osaka"
    function test_ProofsThatOtherCodeMadeAreAccepted() public {
        uint256 count = json.readUint(".count");
        for (uint256 i; i < count; i++) {
            Case memory it = read(i);
            if (it.keyType == 1) {
                it.proof = signSecp256k1(uint256(it.scalar), bytesOf(i, "proofMessage"));
            }
            vm.prank(it.owner);
            registry.addKeys(it.agentId, one(SageKeyRegistry.NewKey(it.keyType, it.purposes, it.publicKey, it.proof)));
            SageKeyRegistry.Key memory key = registry.getKey(it.agentId, it.keyId);
            assertEq(key.publicKey, it.publicKey);
            assertEq(key.proven, it.keyType <= 2);
            if (it.keyType == 3) {
                assertTrue(more.verifyEd25519(key.proof, "", bytesOf(i, "proofMessage"), bytes32(key.publicKey)));
            }
        }
    }

    /// The identity answers that the case's owner owns the case's agent.
    function read(uint256 i) private returns (Case memory it) {
        it.agentId = uint256(bytes32(bytesOf(i, "agentId")));
        it.owner = json.readAddress(at(i, "owner"));
        it.keyType = uint8(json.readUint(at(i, "keyType")));
        it.purposes = uint8(json.readUint(at(i, "purposes")));
        it.publicKey = bytesOf(i, "publicKey");
        it.keyId = bytes32(bytesOf(i, "keyId"));
        it.scalar = bytes32(bytesOf(i, "scalar"));
        it.proof = bytesOf(i, "proof");
        vm.mockCall(identity, abi.encodeCall(IERC721.ownerOf, (it.agentId)), abi.encode(it.owner));
        vm.mockCall(
            identity, abi.encodeCall(IAgentIdentity.isAuthorizedOrOwner, (it.owner, it.agentId)), abi.encode(true)
        );
    }

    function bytesOf(uint256 i, string memory member) private view returns (bytes memory) {
        return json.readBytes(at(i, member));
    }

    function at(uint256 i, string memory member) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "].", member);
    }
}
